const scheme = /^([a-z][a-z0-9+.-]*):/i;
const allowed: ReadonlySet<string> = new Set(['http', 'https', 'mailto']);
/** Characters that turn the direction of writing: with them an address can show as another than it is. */
const turning = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/;

/** Whether what looks like an address may be made clickable: web and mail only. */
export function isSafeAddress(value: string): boolean {
  if (turning.test(value)) return false;
  const found = scheme.exec(value)?.[1];
  // `localhost:8080/x` begins like a scheme; an address without one becomes https.
  return found === undefined || !value.startsWith(`${found}://`) || allowed.has(found.toLowerCase());
}
