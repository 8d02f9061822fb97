import type { MessageContent } from '@tidings/api/content';
import type { MediaItem } from '@tidings/api/media';
import { clock } from './clock';
import { type MediaTranslator, mediaWordsIn } from './words-in';

/** What a message carries, in the reader's language: "Photo", "3 photos", "Voice message (0:12)", "Plan.pdf". Empty for words alone. */
export function kindOf(content: MessageContent, locale: string): string {
  const t = mediaWordsIn(locale);
  switch (content.type) {
    case 'media':
      return itemsText(content.items, t);
    case 'place':
      return content.place.label
        ? t('kinds.place.named', { label: content.place.label })
        : t('kinds.place.one');
    case 'contact':
      return t('kinds.contact.named', { name: content.contact.name });
    default:
      return '';
  }
}

/** In one line for quotes, notifications and search: what it carries, then what is written. */
export function summaryOf(content: MessageContent, locale: string): string {
  if (content.type === 'unknown') return content.fallback;
  return [kindOf(content, locale), content.text].filter(Boolean).join(': ');
}

function itemsText(items: readonly MediaItem[], t: MediaTranslator): string {
  const [only] = items;
  if (only && items.length === 1) return itemText(only, t);
  const count = items.length;
  const kinds = new Set(items.map((item) => item.kind));
  if (kinds.size > 1) {
    const visual = items.every(({ kind }) => kind === 'image' || kind === 'video');
    return t(visual ? 'kinds.some.visual' : 'kinds.some.mixed', { count });
  }
  return t(`kinds.some.${only?.kind ?? 'document'}`, { count });
}

function itemText({ kind, name, durationMs }: MediaItem, t: MediaTranslator): string {
  const duration = durationMs === undefined ? '' : clock(durationMs);
  switch (kind) {
    case 'image':
      return t('kinds.one.image');
    case 'video':
      return t('kinds.one.video');
    case 'voice':
      return duration ? t('kinds.one.voiceOf', { duration }) : t('kinds.one.voice');
    case 'audio':
      return name || t('kinds.one.audio');
    case 'document':
      return name || t('kinds.one.document');
  }
}
