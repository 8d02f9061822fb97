'use client';

import styles from './waveform.module.css';

/** Loudnesses 0–1 out of a waveform (base64 of bytes); `null` for what is none: it comes from other people's devices. */
export function waveformOf(waveform: string | undefined): readonly number[] | null {
  if (!waveform) return null;
  try {
    const bytes = [...atob(waveform)].map((character) => character.charCodeAt(0) / 255);
    return bytes.length > 1 ? bytes : null;
  } catch {
    return null;
  }
}

const barWidth = 2;
const gap = 1.25;
const height = 24;
const least = 2.5;

type WaveformProps = { readonly loudness: readonly number[]; readonly fraction: number };

/** How loud a recording is over its time; what was heard is drawn stronger. */
export function Waveform({ loudness, fraction }: WaveformProps) {
  const step = barWidth + gap;
  return (
    <svg
      aria-hidden="true"
      className={styles.waveform}
      viewBox={`0 0 ${loudness.length * step - gap} ${height}`}
      preserveAspectRatio="none"
    >
      {loudness.map((value, index) => {
        const bar = Math.max(least, value * height);
        return (
          <rect
            // biome-ignore lint/suspicious/noArrayIndexKey: a bar is its place
            key={index}
            x={index * step}
            y={(height - bar) / 2}
            width={barWidth}
            height={bar}
            rx={1}
            className={(index + 0.5) / loudness.length <= fraction ? styles.heard : styles.ahead}
          />
        );
      })}
    </svg>
  );
}
