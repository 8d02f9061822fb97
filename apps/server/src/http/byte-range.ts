/** What a `Range` asks for of something that has `bytes` bytes. */
export type ByteRange =
  | { readonly type: 'whole' }
  | { readonly type: 'part'; readonly first: number; readonly last: number }
  | { readonly type: 'outside' };

const whole: ByteRange = { type: 'whole' };

/** One range of bytes; what is not understood, or more than one, is the whole (RFC 9110, 14.2). */
export function byteRangeOf(header: string | undefined, bytes: number): ByteRange {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(header ?? '') ?? [];
  if (from === '' && to === '') return whole;
  const first = from === '' ? Math.max(0, bytes - Number(to)) : Number(from);
  const last = from === '' || to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (from !== '' && to !== '' && Number(to) < Number(from)) return whole;
  return first < bytes && first <= last ? { type: 'part', first, last } : { type: 'outside' };
}
