/** Checks of values that came as JSON from outside; no library, since a page starts with them. */

export type Fields = { readonly [name: string]: unknown };

export const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `longest` in UTF-16 units. */
export const isText = (value: unknown, longest = Number.POSITIVE_INFINITY): value is string =>
  typeof value === 'string' && value.length <= longest;

export const isListOf = <T>(is: (value: unknown) => value is T, value: unknown): value is readonly T[] =>
  Array.isArray(value) && value.every(is);

export const optional = (is: (value: unknown) => boolean, value: unknown): boolean =>
  value === undefined || is(value);

/** `null` for what isn't an object in JSON. */
export function parseObject(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text);
    return isFields(value) ? value : null;
  } catch {
    return null;
  }
}
