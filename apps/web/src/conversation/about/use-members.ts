'use client';

import type { Member } from '@tidings/api/conversation';
import type { ConversationId } from '@tidings/api/ids';
import type { LocalConversation } from '@tidings/client/local-store';
import { useCallback, useEffect, useRef, useState } from 'react';
import { useConnection, useEngine } from '../../engine/hooks';

/** Who is in a group, as last heard of; kept as long as the tab lives, so that it shows at once and without a line. */
const heard = new Map<ConversationId, readonly Member[]>();

export type MembersView = {
  readonly members: readonly Member[];
  /** More come with `loadMore`. */
  readonly hasMore: boolean;
  loadMore(): void;
  /** Asks again: after a change that was made here. */
  reload(): void;
};

/** The members of a group: the first 200, then page by page. Asked for again whenever the group changes. */
export function useMembers(conversation: LocalConversation): MembersView {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const id = conversation.conversationId;
  const isGroup = conversation.kind === 'group' && conversation.removedSeq === null;
  const [members, setMembers] = useState<readonly Member[]>(() => heard.get(id) ?? []);
  const [next, setNext] = useState<string>();
  const [asked, setAsked] = useState(0);
  const change = useLastChange(conversation);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `change` and `asked` say when to ask again.
  useEffect(() => {
    if (!isGroup || !live) return;
    let wanted = true;
    engine.api.conversation.members
      .query({ conversationId: id })
      .then((page) => {
        if (!wanted) return;
        heard.set(id, page.members);
        setMembers(page.members);
        setNext(page.next);
      })
      // Without a line what was heard last stays; the next change of the connection asks again.
      .catch(() => {});
    return () => {
      wanted = false;
    };
  }, [engine, id, isGroup, live, change, asked]);

  const loadMore = useCallback(() => {
    if (next === undefined) return;
    setNext(undefined);
    engine.api.conversation.members
      .query({ conversationId: id, cursor: next })
      .then((page) => {
        setMembers((before) => {
          const known = new Set(before.map((member) => member.userId));
          return [...before, ...page.members.filter((member) => !known.has(member.userId))];
        });
        setNext(page.next);
      })
      .catch(() => setNext(next));
  }, [engine, id, next]);
  const reload = useCallback(() => setAsked((count) => count + 1), []);
  return { members, hasMore: next !== undefined, loadMore, reload };
}

/** Grows with each change of the group that is heard of. */
function useLastChange(conversation: LocalConversation): string {
  const seq = useRef(0);
  const { last, group } = conversation;
  if (last?.kind === 'change') seq.current = Math.max(seq.current, last.seq);
  return `${seq.current} ${group?.memberCount}`;
}
