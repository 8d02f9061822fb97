import type { SentContent } from '@tidings/api/content';
import type { UserId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import type { LocalConversation } from '@tidings/client/local-store';
import {
  Copy,
  Download,
  Flag,
  Forward,
  Info,
  Pencil,
  Reply,
  RotateCw,
  SmilePlus,
  Star,
  StarOff,
  Trash2,
} from 'lucide-react';
import type { useWords } from '@/words/words';
import type { MessageRow } from '../../engine/message-rows';
import type { MenuEntry } from '../../look/menu-board';
import { parsedContent } from '../text/content';
import { permissionsOf } from './permissions';

export type MessageCommands = {
  reply(row: MessageRow): void;
  forward(content: SentContent): void;
  pickReaction(row: MessageRow): void;
  edit(row: MessageRow): void;
  askDelete(row: MessageRow): void;
  star(row: MessageRow, starred: boolean): void;
  info(row: MessageRow): void;
  report(row: MessageRow): void;
  copy(text: string): void;
  save(items: readonly MediaItem[]): void;
  retry(row: MessageRow): void;
};

type Words = ReturnType<typeof useWords<'conversation.menu'>>;
type Around = {
  readonly conversation: LocalConversation;
  readonly self: UserId;
  /** What reporting is called: a word that comes with this menu. */
  readonly reportLabel: string;
};

/** The menu of a message: what applies to it, in an order that stays. */
export function menuEntries(
  row: MessageRow,
  { conversation, self, reportLabel }: Around,
  does: MessageCommands,
  t: Words,
): readonly MenuEntry[] {
  const may = permissionsOf(row, conversation, self);
  const content = parsedContent(row);
  const sent = content.type === 'unknown' ? null : content;
  const items = content.type === 'media' ? content.items : null;
  const starred = row.type === 'entry' && row.entry.starredAt !== undefined;
  const discards = may.retry || (row.type === 'outbox' && row.item.state.type === 'waiting');
  const entries: (MenuEntry | false | null)[] = [
    may.retry && { label: t('retry'), icon: <RotateCw />, onSelect: () => does.retry(row) },
    may.reply && { label: t('reply'), icon: <Reply />, onSelect: () => does.reply(row) },
    may.react && { label: t('react'), icon: <SmilePlus />, onSelect: () => does.pickReaction(row) },
    may.forward && sent && { label: t('forward'), icon: <Forward />, onSelect: () => does.forward(sent) },
    may.copy && sent && { label: t('copy'), icon: <Copy />, onSelect: () => does.copy(sent.text) },
    may.save && items && { label: t('download'), icon: <Download />, onSelect: () => does.save(items) },
    may.edit && { label: t('edit'), icon: <Pencil />, onSelect: () => does.edit(row) },
    may.star && {
      label: t(starred ? 'unstar' : 'star'),
      icon: starred ? <StarOff /> : <Star />,
      onSelect: () => does.star(row, !starred),
    },
    may.info && { label: t('info'), icon: <Info />, onSelect: () => does.info(row) },
    may.report && { label: reportLabel, icon: <Flag />, onSelect: () => does.report(row) },
    (may.deleteForSelf || discards) && {
      label: t('delete'),
      icon: <Trash2 />,
      danger: true,
      onSelect: () => does.askDelete(row),
    },
  ];
  return entries.filter((entry) => entry !== false && entry !== null);
}
