import { thumbHashToDataURL } from 'thumbhash';

const known = new Map<string, string | null>();

/** The blurred picture of a ThumbHash (base64) as a `data:` URL; `null` for what is none: it comes from other people's devices. */
export function blurOf(hash: string | undefined): string | null {
  if (!hash) return null;
  const found = known.get(hash);
  if (found !== undefined) return found;
  const url = decode(hash);
  if (known.size > 500) known.clear();
  known.set(hash, url);
  return url;
}

function decode(hash: string): string | null {
  try {
    const bytes = Uint8Array.from(atob(hash), (character) => character.charCodeAt(0));
    return bytes.length < 5 ? null : thumbHashToDataURL(bytes);
  } catch {
    return null;
  }
}
