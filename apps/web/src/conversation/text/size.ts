import { maxTextBytes } from '@tidings/api/entry';

const encoder = new TextEncoder();

/** Bytes of UTF-8 beyond what a message may hold; 0 when it fits. */
export function bytesTooMany(text: string): number {
  if (text.length * 3 <= maxTextBytes) return 0;
  return Math.max(0, bytesOf(text) - maxTextBytes);
}

/** Whether a paste would be beyond the limit, told without encoding what is far beyond it anyway. */
export const fits = (text: string, pasted: string): boolean =>
  text.length + pasted.length <= maxTextBytes && bytesTooMany(text + pasted) === 0;

const bytesOf = (text: string): number => encoder.encode(text).length;
