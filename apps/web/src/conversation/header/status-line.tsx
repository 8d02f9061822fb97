'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { useFormats, useWords } from '@/words/words';
import { useConnection, usePresence, useProfile, useSelf, useTyping } from '../../engine/hooks';
import { useMembers } from '../about/use-members';
import { useNames } from '../people';
import { useTimes } from '../time/use-times';
import styles from './status-line.module.css';

/** What stands under the title: who is typing, else how the other person is (or that it is a bot), else who is in the group. */
export function StatusLine({ conversation }: { readonly conversation: LocalConversation }) {
  const typing = useTypingText(conversation);
  if (typing) {
    return (
      <p className={styles.status} data-typing>
        {typing}
      </p>
    );
  }
  return conversation.kind === 'group' ? (
    <GroupStatus conversation={conversation} />
  ) : (
    <PersonStatus conversation={conversation} />
  );
}

const mostTyping = 2;

function useTypingText(conversation: LocalConversation): string | null {
  const t = useWords('conversation.status');
  const self = useSelf();
  const typing = useTyping(conversation.conversationId).filter((user) => user !== self.userId);
  const [first, second] = useNames(typing.slice(0, mostTyping));
  if (first === undefined) return null;
  if (conversation.kind === 'direct') return t('typing');
  if (typing.length > mostTyping) return t('manyTyping', { count: typing.length });
  return second === undefined ? t('oneTyping', { name: first }) : t('twoTyping', { first, second });
}

function PersonStatus({ conversation }: { readonly conversation: LocalConversation }) {
  const t = useWords('conversation.status');
  const times = useTimes();
  const presence = usePresence(conversation.peer);
  const isBot = useProfile(conversation.peer)?.bot;
  const live = useConnection().type === 'live';
  if (isBot) return <p className={styles.status}>{t('bot')}</p>;
  if (presence?.online && !live) return null;
  if (presence?.online) return <p className={styles.status}>{t('online')}</p>;
  if (!presence?.lastSeen) return null;
  return <p className={styles.status}>{t('lastSeen', { when: times.moment(presence.lastSeen) })}</p>;
}

/** More names than this are cut off anyway. */
const mostNames = 12;

function GroupStatus({ conversation }: { readonly conversation: LocalConversation }) {
  const t = useWords('conversation');
  const format = useFormats();
  const self = useSelf();
  const { members } = useMembers(conversation);
  const others = members.filter((member) => member.userId !== self.userId).map((member) => member.userId);
  const names = useNames(others.slice(0, mostNames));
  const own = others.length < members.length ? [t('you')] : [];
  const count = conversation.group?.memberCount ?? 0;
  if (members.length === 0) return <p className={styles.status}>{t('memberCount', { count })}</p>;
  return (
    <p className={styles.status} dir="auto">
      {format.list([...names, ...own], { type: 'unit' })}
    </p>
  );
}
