/** The sound of a new message: two soft notes, made here, so that nothing is loaded. Whether it sounds is kept per device. */
const key = 'tidings.sound';

export function isSoundOn(): boolean {
  try {
    return localStorage.getItem(key) !== 'off';
  } catch {
    return true;
  }
}

export function turnSound(on: boolean): void {
  try {
    localStorage.setItem(key, on ? 'on' : 'off');
  } catch {
    // Refused storage: it stays as it was.
  }
}

let context: AudioContext | null = null;
let lastAt = 0;

/** Once a second at most. Silent in a page that nobody has touched yet, where browsers allow no sound. */
export function playChime(): void {
  const now = performance.now();
  if (now - lastAt < 1_000 || navigator.userActivation?.hasBeenActive === false) return;
  lastAt = now;
  context ??= new AudioContext();
  void context.resume();
  note(context, 660, 0);
  note(context, 880, 0.11);
}

function note(audio: AudioContext, frequency: number, afterS: number): void {
  const start = audio.currentTime + afterS;
  const tone = audio.createOscillator();
  const volume = audio.createGain();
  tone.frequency.value = frequency;
  volume.gain.setValueAtTime(0, start);
  volume.gain.linearRampToValueAtTime(0.08, start + 0.015);
  volume.gain.exponentialRampToValueAtTime(0.0005, start + 0.35);
  tone.connect(volume).connect(audio.destination);
  tone.start(start);
  tone.stop(start + 0.4);
}
