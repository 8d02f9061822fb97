'use client';

import type { Seq, UserId } from '@tidings/api/ids';
import type { MessageInfo } from '@tidings/api/message';
import type { LocalConversation } from '@tidings/client/local-store';
import { Check, CheckCheck } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import { useWords } from '@/words/words';
import { useConnection, useEngine, useProfile } from '../../engine/hooks';
import { Avatar } from '../../look/avatar';
import { Dialog } from '../../look/dialog';
import { Spinner } from '../../look/spinner';
import { useName } from '../people';
import { useTimes } from '../time/use-times';
import type { OverlayProps } from './delete-dialog';
import styles from './dialogs.module.css';

type InfoDialogProps = OverlayProps & { readonly conversation: LocalConversation; readonly seq: Seq };

/** Who has an own message and since when, kept up to date while it is open. */
export default function InfoDialog({ open, onClose, onClosed, conversation, seq }: InfoDialogProps) {
  const t = useWords('details.info');
  const look = useWords('look');
  const { info, offline } = useMessageInfo(conversation, seq, open);
  return (
    <Dialog open={open} onOpenChange={(now) => !now && onClose()} onClosed={onClosed} title={t('title')}>
      {info ? (
        <Detail info={info} direct={conversation.kind === 'direct'} />
      ) : offline ? (
        <p>{t('offline')}</p>
      ) : (
        <Spinner label={look('loading')} />
      )}
    </Dialog>
  );
}

/** Marks of single members are told to nobody unasked: while somebody looks, ask again when the minimum moves, and every few seconds. */
const againMs = 4_000;

function useMessageInfo(conversation: LocalConversation, seq: Seq, open: boolean) {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const [info, setInfo] = useState<MessageInfo | null>(null);
  const { conversationId, othersDelivered, othersRead } = conversation;
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks that moved are the reason to ask again.
  useEffect(() => {
    if (!open || !live) return;
    let wanted = true;
    const ask = () =>
      engine.api.message.info
        .query({ conversationId, seq })
        .then((answer) => wanted && setInfo(answer))
        // The line went: what was heard stays on the screen.
        .catch(() => {});
    void ask();
    const timer = setInterval(ask, againMs);
    return () => {
      wanted = false;
      clearInterval(timer);
    };
  }, [engine, conversationId, seq, open, live, othersDelivered, othersRead]);
  return { info, offline: !live };
}

function Detail({ info, direct }: { readonly info: MessageInfo; readonly direct: boolean }) {
  const t = useWords('details.info');
  const times = useTimes();
  const [only] = info.members;
  const sent = <Fact label={t('sent')}>{times.full(info.sentAt)}</Fact>;
  if (direct) {
    return (
      <dl className={styles.facts}>
        {only && (
          <Fact label={t('to')}>
            <Name user={only.userId} />
          </Fact>
        )}
        {sent}
        <Fact label={t('delivered')}>{only?.deliveredAt ? times.full(only.deliveredAt) : t('notYet')}</Fact>
        <Fact label={t('read')}>{only?.readAt ? times.full(only.readAt) : t('notYet')}</Fact>
      </dl>
    );
  }
  const read = info.members.filter((member) => member.readAt !== null);
  const delivered = info.members.filter((member) => member.readAt === null && member.deliveredAt !== null);
  const waiting = info.members.filter((member) => member.readAt === null && member.deliveredAt === null);
  return (
    <>
      <dl className={styles.facts}>{sent}</dl>
      <Section icon={<CheckCheck />} title={t('readBy', { count: read.length })}>
        {read.map((member) => (
          <Person key={member.userId} user={member.userId} at={member.readAt} />
        ))}
      </Section>
      <Section icon={<CheckCheck />} title={t('deliveredTo', { count: delivered.length })}>
        {delivered.map((member) => (
          <Person key={member.userId} user={member.userId} at={member.deliveredAt} />
        ))}
      </Section>
      <Section icon={<Check />} title={t('notYetTo', { count: waiting.length })}>
        {waiting.map((member) => (
          <Person key={member.userId} user={member.userId} at={null} />
        ))}
      </Section>
    </>
  );
}

function Fact({ label, children }: { readonly label: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

function Name({ user }: { readonly user: UserId }) {
  return <span dir="auto">{useName(user)}</span>;
}

type SectionProps = {
  readonly icon: ReactNode;
  readonly title: string;
  readonly children: readonly ReactNode[];
};

function Section({ icon, title, children }: SectionProps) {
  if (children.length === 0) return null;
  return (
    <section>
      <h3 className={styles.section}>
        {icon}
        {title}
      </h3>
      <ul>{children}</ul>
    </section>
  );
}

function Person({ user, at }: { readonly user: UserId; readonly at: number | null }) {
  const times = useTimes();
  const name = useName(user);
  const profile = useProfile(user);
  return (
    <li className={styles.person}>
      <Avatar id={user} name={name} pictureId={profile?.avatarId} size="small" />
      <span className={styles.name} dir="auto">
        {name}
      </span>
      {at !== null && <time dateTime={new Date(at).toISOString()}>{times.moment(at)}</time>}
    </li>
  );
}
