import type { LocalConversation } from '@tidings/client/local-store';
import type { useWords } from '@/words/words';
import type { Client } from '../../engine/client';
import type { MessageRow } from '../../engine/message-rows';
import { copyText } from '../../look/copy-text';
import type { MenuEntry } from '../../look/menu-board';
import { toast } from '../../look/toast';
import type { MenuPlace } from '../scene';
import { type MessageCommands, menuEntries } from './menu-entries';
import type { Overlay } from './overlays';

export type MenuParts = {
  readonly client: Pick<Client, 'engine' | 'media' | 'self'>;
  readonly conversation: LocalConversation;
  readonly t: ReturnType<typeof useWords<'conversation'>>;
  readonly menuWords: ReturnType<typeof useWords<'conversation.menu'>>;
  reply(row: MessageRow): void;
  edit(row: MessageRow): void;
  show(overlay: Overlay): void;
  /** Says when this device can't keep what was asked. */
  guarded(work: Promise<unknown>): void;
  /** Says what else went wrong. */
  failed(error: unknown): void;
};

/** What the menu of a message offers, and what comes of it. */
export function messageMenu(row: MessageRow, place: MenuPlace, parts: MenuParts): readonly MenuEntry[] {
  const { client, conversation, t, menuWords, reply, edit, show, guarded, failed } = parts;
  const { engine, media, self } = client;
  const id = conversation.conversationId;
  const does: MessageCommands = {
    reply,
    edit,
    forward: (content) => show({ type: 'forward', content }),
    pickReaction: () => show({ type: 'reaction', row, place }),
    askDelete: () => show({ type: 'delete', row }),
    star: (target, starred) =>
      guarded(engine.putItems([{ key: `star:${id}:${target.seq}`, value: starred ? Date.now() : null }])),
    info: () => row.seq !== null && show({ type: 'info', seq: row.seq }),
    copy: (text) => void copyText(text).then((copied) => toast(t(copied ? 'copied' : 'copyFailed'))),
    save: (items) =>
      void import('../media/save').then(({ saveItems }) => saveItems(media, id, items)).catch(failed),
    retry: (target) => {
      const item = target.type === 'outbox' ? target.item : target.waiting;
      if (item) guarded(engine.retry(item.clientId));
    },
  };
  return menuEntries(row, { conversation, self: self.userId }, does, menuWords);
}
