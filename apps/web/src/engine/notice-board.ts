import type { ConversationId } from '@tidings/api/ids';
import type { NotificationData } from '../service-worker/shared';
import { notificationsOn } from './notification-setting';
import type { Notice, NoticeBoard } from './notifier';

const tagOf = (conversation: ConversationId): string => `chat ${conversation}`;

/**
 * The system's notifications. Through the service worker where there is one: on phones there is no other way, and a click then
 * finds or opens a window.
 */
export const systemNotices: NoticeBoard = {
  show(notice) {
    if (notificationsOn()) void show(notice);
  },
  take(conversation) {
    if (notificationsOn()) void take(conversation);
  },
};

async function show({ conversationId, title, body }: Notice): Promise<void> {
  const data: NotificationData = { conversationId };
  const options = {
    body,
    data,
    tag: tagOf(conversationId),
    renotify: true,
    icon: '/icons/icon-192.png',
    badge: '/icons/badge-96.png',
  };
  try {
    const registration = await navigator.serviceWorker?.getRegistration();
    if (registration) return await registration.showNotification(title, options);
    const notification = new Notification(title, options);
    notification.onclick = () => {
      notification.close();
      window.focus();
      window.dispatchEvent(new CustomEvent(openChatEvent, { detail: data }));
    };
  } catch (error) {
    console.warn('a notification could not be shown', error);
  }
}

async function take(conversation: ConversationId): Promise<void> {
  const registration = await navigator.serviceWorker?.getRegistration();
  const shown = (await registration?.getNotifications({ tag: tagOf(conversation) })) ?? [];
  for (const notification of shown) notification.close();
}

const openChatEvent = 'tidings-open-chat';

/** Calls `open` when a notification of a chat was clicked and this window came to the front for it. */
export function onNoticeClicked(open: (conversation: ConversationId) => void): () => void {
  const ending = new AbortController();
  const { signal } = ending;
  const clicked = (data: NotificationData) => open(data.conversationId);
  window.addEventListener(
    openChatEvent,
    (event) => clicked((event as CustomEvent<NotificationData>).detail),
    { signal },
  );
  navigator.serviceWorker?.addEventListener(
    'message',
    (event: MessageEvent) => {
      if ((event.data as { type?: unknown } | null)?.type === 'open-chat')
        clicked(event.data as NotificationData);
    },
    { signal },
  );
  return () => ending.abort();
}
