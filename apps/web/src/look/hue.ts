/** How many pairs `--hue-<n>-soft` and `--hue-<n>-ink` there are. */
const hues = 8;

/** The hue of a person or group, the same everywhere and always. */
export function hueOf(id: string): number {
  let hash = 2_166_136_261;
  for (let index = 0; index < id.length; index += 1) {
    hash = Math.imul(hash ^ id.charCodeAt(index), 16_777_619);
  }
  return (hash >>> 0) % hues;
}

/** For the name of a person on a bubble or a panel. */
export const hueInk = (id: string): string => `var(--hue-${hueOf(id)}-ink)`;
