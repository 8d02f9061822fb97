/** `count` loudnesses out of however many: the loudest of each part. */
export function squeezed(loudness: readonly number[], count: number): readonly number[] {
  if (loudness.length === 0) return Array.from({ length: count }, () => 0);
  return Array.from({ length: count }, (_, index) => {
    const from = Math.floor((index * loudness.length) / count);
    const to = Math.max(from + 1, Math.floor(((index + 1) * loudness.length) / count));
    return Math.max(...loudness.slice(from, to));
  });
}
