/** The code stands behind the `#`: it is in no server's or proxy's log. */
export const resetLink = (origin: string, code: string): string => `${origin}/reset#${encodeURIComponent(code)}`;

/** Empty where there is none. */
export function resetCode(hash: string): string {
  try {
    return decodeURIComponent(hash.replace(/^#/, ''));
  } catch {
    return '';
  }
}
