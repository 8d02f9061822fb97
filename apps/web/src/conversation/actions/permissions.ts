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
  readonly copy: boolean;
  /** A send that failed. */
  readonly retry: boolean;
};

type Chat = Pick<LocalConversation, 'removedSeq' | 'kind' | 'role'>;

export function permissionsOf(row: MessageRow, chat: Chat, self: UserId): Permissions {
  const content = parsedContent(row);
  const isText = content.type === 'text';
  if (row.type === 'outbox') {
    return { ...none, copy: isText, forward: isText, retry: row.item.state.type === 'failed' };
  }
  const { entry } = row;
  if (entry.kind !== 'message') return { ...none, deleteForSelf: true };
  if (entry.deleted) return { ...none, deleteForSelf: true };
  const member = chat.removedSeq === null;
  const own = entry.sender === self;
  const admin = chat.kind === 'group' && chat.role !== 'member';
  return {
    reply: member,
    forward: isText,
    react: member,
    edit: member && own && isText,
    deleteForAll: member && (own || admin),
    deleteForSelf: true,
    star: true,
    info: member && own,
    copy: isText,
    retry: row.waiting?.state.type === 'failed',
  };
}

const none: Permissions = {
  reply: false,
  forward: false,
  react: false,
  edit: false,
  deleteForAll: false,
  deleteForSelf: false,
  star: false,
  info: false,
  copy: false,
  retry: false,
};
