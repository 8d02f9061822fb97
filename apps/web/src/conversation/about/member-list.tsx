'use client';

import { useVirtualizer } from '@tanstack/react-virtual';
import type { Member } from '@tidings/api/conversation';
import type { LocalConversation } from '@tidings/client/local-store';
import { EllipsisVertical } from 'lucide-react';
import { type RefObject, useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useWords } from '@/words/words';
import { useProfile, useSelf } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { MenuButton } from '../../look/menu';
import { useName } from '../people';
import styles from './about.module.css';
import { useMemberMenu } from './use-member-menu';
import type { MembersView } from './use-members';

type MemberListProps = {
  readonly conversation: LocalConversation;
  readonly view: MembersView;
  readonly scroller: RefObject<HTMLDivElement | null>;
};

const rowHeight = 56;

/** Everybody in a group: only the rows near the screen exist, and further pages come when one gets there. */
export function MemberList({ conversation, view, scroller }: MemberListProps) {
  const t = useWords('details.group');
  const list = useRef<HTMLUListElement>(null);
  const { members, hasMore, loadMore } = view;
  const [offset, setOffset] = useState(0);
  const virtualizer = useVirtualizer({
    count: members.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    getItemKey: (index) => members[index]?.userId ?? index,
    scrollMargin: offset,
    overscan: 6,
  });
  useLayoutEffect(() => {
    const top = list.current?.offsetTop ?? 0;
    setOffset((before) => (Math.abs(before - top) > 1 ? top : before));
  });
  const items = virtualizer.getVirtualItems();
  const lastShown = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && lastShown >= members.length - 20) loadMore();
  }, [hasMore, lastShown, members.length, loadMore]);
  const total = Math.max(members.length, conversation.group?.memberCount ?? 0);

  return (
    <section>
      <h3 className={`${styles.block} ${styles.heading}`}>{t('memberCount', { count: total })}</h3>
      <ul
        ref={list}
        aria-label={t('members')}
        className={styles.members}
        style={{ height: virtualizer.getTotalSize() }}
      >
        {items.map((item) => {
          const member = members[item.index];
          return (
            member && (
              <li
                key={item.key}
                aria-setsize={total}
                aria-posinset={item.index + 1}
                className={styles.member}
                style={{ transform: `translateY(${item.start - offset}px)` }}
              >
                <MemberRow conversation={conversation} member={member} onChanged={view.reload} />
              </li>
            )
          );
        })}
      </ul>
    </section>
  );
}

type MemberRowProps = {
  readonly conversation: LocalConversation;
  readonly member: Member;
  onChanged(): void;
};

function MemberRow({ conversation, member, onChanged }: MemberRowProps) {
  const t = useWords('conversation');
  const details = useWords('details.group');
  const self = useSelf();
  const name = useName(member.userId);
  const profile = useProfile(member.userId);
  const own = member.userId === self.userId;
  const menu = useMemberMenu({ conversation, member, name, onChanged });
  return (
    <>
      <Avatar id={member.userId} name={name} pictureId={profile?.avatarId} size="small" />
      <div className={styles.words}>
        <span dir="auto">{own ? t('you') : name}</span>
        {profile && <span className={styles.soft}>@{profile.username}</span>}
      </div>
      {profile?.bot && <span className={styles.role}>{t('status.bot')}</span>}
      {member.role !== 'member' && <span className={styles.role}>{details(`role.${member.role}`)}</span>}
      {!own && (
        <MenuButton label={details('memberMenu')} entries={menu.entries} size="small" tip={false}>
          <EllipsisVertical />
        </MenuButton>
      )}
      {menu.dialogs}
    </>
  );
}
