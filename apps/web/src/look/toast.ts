export type ToastOptions = {
  readonly kind?: 'plain' | 'good' | 'bad';
  readonly action?: { readonly label: string; onPress(): void };
  /** How long it stays; `Infinity` until somebody closes it. */
  readonly durationMs?: number;
  /** One with the same id is replaced. */
  readonly id?: string;
};

type Listener = (text: string, options: ToastOptions) => void;

/** What is said before the toaster is loaded waits for it. */
const waiting: [string, ToastOptions][] = [];
let listener: Listener | null = null;
let asked: (() => void) | null = null;

/** Says something in a corner for a few seconds, and to screen readers. For what needs an answer, use a dialog. */
export function toast(text: string, options: ToastOptions = {}): void {
  if (listener) {
    listener(text, options);
    return;
  }
  waiting.push([text, options]);
  asked?.();
}

/** For the toaster: gets everything that was said and will be. */
export function onToast(listen: Listener): () => void {
  listener = listen;
  for (const [text, options] of waiting.splice(0)) listen(text, options);
  return () => {
    listener = null;
  };
}

/** For the layer: `load` is called when there is something to say. */
export function onFirstToast(load: () => void): void {
  asked = load;
  if (waiting.length > 0) load();
}
