import type { MessageContent } from '@tidings/api/content';
import type { UserId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import type { MessageRow } from '../../engine/message-rows';
import { parsedContent } from '../text/content';

/** What may be done with a message: what the server will say too (SEND5, SEND7), so that nothing is offered in vain. */
export type Permissions = {
  readonly reply: boolean;
  readonly forward: boolean;
  readonly react: boolean;
  readonly edit: boolean;
  readonly deleteForAll: boolean;
  readonly deleteForSelf: boolean;
  readonly star: boolean;
  readonly info: boolean;
  readonly report: boolean;
  readonly copy: boolean;
  /** To keep its files outside of the app. */
  readonly save: boolean;
  /** A send that failed. */
  readonly retry: boolean;
};

type Chat = Pick<LocalConversation, 'removedSeq' | 'kind' | 'role'>;

export function permissionsOf(row: MessageRow, chat: Chat, self: UserId): Permissions {
  const content = parsedContent(row);
  const known = content.type !== 'unknown';
  const words = known && content.text !== '';
  const save = content.type === 'media';
  if (row.type === 'outbox') {
    return {
      ...none,
      copy: words,
      forward: content.type === 'text',
      save,
      retry: row.item.state.type === 'failed',
    };
  }
  const { entry } = row;
  if (entry.kind !== 'message') return { ...none, deleteForSelf: true };
  if (entry.deleted) return { ...none, deleteForSelf: true };
  const member = chat.removedSeq === null;
  const own = entry.sender === self;
  const admin = chat.kind === 'group' && chat.role !== 'member';
  return {
    reply: member,
    forward: known,
    react: member,
    edit: member && own && isEditable(content),
    deleteForAll: member && (own || admin),
    deleteForSelf: true,
    star: true,
    info: member && own,
    report: !own,
    copy: words,
    save,
    retry: row.waiting?.state.type === 'failed',
  };
}

/** Words, and the words under what a message carries. A voice message has no place for any. */
const isEditable = (content: MessageContent): boolean =>
  content.type === 'text' ||
  content.type === 'place' ||
  (content.type === 'media' && content.items.every(({ kind }) => kind !== 'voice'));

const none: Permissions = {
  reply: false,
  forward: false,
  react: false,
  edit: false,
  deleteForAll: false,
  deleteForSelf: false,
  star: false,
  info: false,
  report: false,
  copy: false,
  save: false,
  retry: false,
};
