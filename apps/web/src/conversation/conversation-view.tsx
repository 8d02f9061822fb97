'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { type KeyboardEvent, Suspense, useEffect, useMemo, useRef, useState } from 'react';
import { useSelf, useShown } from '../engine/hooks';
import { part } from '../look/part';
import { afterFirstPaint } from '../shell/after-first-paint';
import { closeChat, onJump } from '../shell/navigation';
import { useMessageCommands } from './actions/use-message-commands';
import { ClosedComposer } from './composer/closed-composer';
import { Composer, type ComposerHandle, useFocusOnOpen } from './composer/composer';
import styles from './conversation.module.css';
import { ConversationHeader } from './header/conversation-header';
import { useHeaderMenu } from './header/use-header-menu';
import { type LogHandle, MessageLog } from './log/message-log';
import { SceneProvider } from './scene';

const About = part(() => import('./about/about'));
const Announcer = part(async () => {
  await afterFirstPaint();
  return import('./log/announcer');
});
const AttachLayer = part(async () => {
  await afterFirstPaint();
  return import('./attach/attach-layer');
});

/** Which panel stands beside the messages. */
export type Panel = 'about' | 'starred' | 'search' | 'gallery' | null;

/** An open chat that this device knows. Belongs to the one chat: give it its id as the key. */
export function ConversationView({ conversation }: { readonly conversation: LocalConversation }) {
  const self = useSelf();
  const { conversationId: id, kind } = conversation;
  const open = conversation.removedSeq === null;
  const log = useRef<LogHandle>(null);
  const section = useRef<HTMLElement>(null);
  const composer = useRef<ComposerHandle>(null);
  const [panel, setPanel] = useState<Panel>(null);
  useShown({ open: id, users: conversation.peer ? [conversation.peer] : [] });
  useFocusOnOpen(composer);
  const commands = useMessageCommands({ conversation, log, composer });
  const toEnd = () => log.current?.toEnd();
  const menu = useHeaderMenu(conversation, setPanel);
  const { openMenu, openPicker, react, reply, jumpTo, openMedia, askAgain } = commands;
  const scene = useMemo(
    () => ({
      ...{ id, kind, open, self: self.userId },
      ...{ openMenu, openPicker, react, reply, jumpTo, openMedia, askAgain },
    }),
    [id, kind, open, self.userId, openMenu, openPicker, react, reply, jumpTo, openMedia, askAgain],
  );

  useEffect(() => onJump(id, jumpTo), [id, jumpTo]);

  /** Typing goes into the composer, wherever among the messages the focus is. */
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    const target = event.target as HTMLElement;
    const types =
      event.key.length === 1 && event.key !== ' ' && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (types && target.closest('[role=log]') && !target.closest('input, textarea'))
      composer.current?.focus();
  };

  return (
    <SceneProvider value={scene}>
      <div className={styles.split}>
        {/* biome-ignore lint/a11y/noStaticElementInteractions: passes keys on, is no control itself */}
        <section className={styles.conversation} data-chat-kind={kind} onKeyDown={onKeyDown} ref={section}>
          <ConversationHeader
            conversation={conversation}
            onBack={closeChat}
            onAbout={() => setPanel((open) => (open ? null : 'about'))}
            menu={menu.entries}
          />
          <MessageLog ref={log} conversation={conversation} />
          {open ? (
            <Composer
              ref={composer}
              conversation={id}
              onSent={toEnd}
              onEditLast={commands.editLast}
              onScrollPage={(direction) => log.current?.scrollPage(direction)}
            />
          ) : (
            <ClosedComposer />
          )}
          <Suspense>
            <Announcer conversation={conversation} />
            {open && <AttachLayer {...{ conversation, section, composer }} onSent={toEnd} />}
          </Suspense>
        </section>
        {panel && (
          <Suspense>
            <About conversation={conversation} panel={panel} onPanel={setPanel} onJump={jumpTo} />
          </Suspense>
        )}
      </div>
      {commands.dialogs}
      {menu.dialogs}
    </SceneProvider>
  );
}
