import type { EmojiDataResolver } from 'frimousse';

type RawEmoji = {
  readonly emoji: string;
  readonly label: string;
  readonly version: number;
  readonly group?: number;
  readonly tags?: readonly string[];
  readonly skins?: readonly { readonly emoji: string; readonly tone?: number | readonly number[] }[];
};
type RawWords = {
  readonly groups: readonly { readonly key: string; readonly message: string; readonly order: number }[];
  readonly skinTones: readonly { readonly key: string; readonly message: string }[];
};

const tones = ['light', 'medium-light', 'medium', 'medium-dark', 'dark'] as const;
type Tone = (typeof tones)[number];
/** Skin tones and hair by themselves. */
const componentGroup = 2;

/** The names of all emoji in the user's language, out of our own files: nothing is asked of other servers. */
export const resolveEmoji: EmojiDataResolver = async (locale) => {
  const [data, words] = locale === 'de' ? await german() : await english();
  const emojis = data.filter((raw) => raw.group !== undefined && raw.group !== componentGroup);
  return {
    locale,
    emojis: emojis.map((raw) => ({
      emoji: raw.emoji,
      category: raw.group as number,
      label: raw.label,
      version: raw.version,
      tags: [...(raw.tags ?? [])],
      skins: skinsOf(raw),
    })),
    categories: words.groups
      .filter((group) => group.order !== componentGroup)
      .map((group) => ({ index: group.order, label: group.message })),
    skinTones: Object.fromEntries(words.skinTones.map((tone) => [tone.key, tone.message])) as Record<
      Tone,
      string
    >,
  };
};

function skinsOf(raw: RawEmoji): Record<Tone, string> | undefined {
  const single = raw.skins?.filter((skin) => typeof skin.tone === 'number') ?? [];
  if (single.length < tones.length) return undefined;
  return Object.fromEntries(single.map((skin) => [tones[(skin.tone as number) - 1], skin.emoji])) as Record<
    Tone,
    string
  >;
}

type Raw = readonly [readonly RawEmoji[], RawWords];

async function english(): Promise<Raw> {
  const files = await Promise.all([
    import('emojibase-data/en/data.json'),
    import('emojibase-data/en/messages.json'),
  ]);
  return files.map((file) => file.default) as unknown as Raw;
}

async function german(): Promise<Raw> {
  const files = await Promise.all([
    import('emojibase-data/de/data.json'),
    import('emojibase-data/de/messages.json'),
  ]);
  return files.map((file) => file.default) as unknown as Raw;
}
