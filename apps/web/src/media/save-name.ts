const longest = 120;
/** Control and bidirectional-control characters, and what some file system gives a meaning: a name must not look like another, or lead elsewhere. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones to find
const unwanted = /[\u0000-\u001f\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff"*/:<>?\\|]/g;
/** Names that Windows takes for devices. */
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** A name under which a received file may be saved, in any script; its ending stays. */
export function saveName(name: string | undefined, fallback: string): string {
  const last = name?.split(/[/\\]/).at(-1) ?? '';
  const clean = last
    .toWellFormed()
    .normalize('NFC')
    .replaceAll(unwanted, '')
    .replace(/^[.\s]+|[.\s]+$/g, '');
  if (clean === '') return fallback;
  const safe = devices.test(clean) ? `_${clean}` : clean;
  return shortened(safe);
}

function shortened(name: string): string {
  const characters = [...name];
  if (characters.length <= longest) return name;
  const ending = /\.[^.\s]{1,12}$/.exec(name)?.[0] ?? '';
  return characters.slice(0, longest - ending.length).join('') + ending;
}
