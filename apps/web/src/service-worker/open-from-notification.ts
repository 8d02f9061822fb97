import { conversationIdSchema } from '@tidings/api/ids';
import { chatUrl, type OpenChatMessage } from './shared';

/** Brings a window of the app to the front and shows the chat there; opens one when there is none. */
export async function openFromNotification(clients: Clients, data: unknown): Promise<void> {
  const conversation = conversationIdSchema.safeParse(
    (data as { conversationId?: unknown } | null)?.conversationId,
  );
  const windows = await clients.matchAll({ type: 'window' });
  const window = windows.find((client) => client.focused) ?? windows[0];
  if (!window) {
    await clients.openWindow(conversation.success ? chatUrl(conversation.data) : '/');
    return;
  }
  await window.focus();
  if (!conversation.success) return;
  const message: OpenChatMessage = { type: 'open-chat', conversationId: conversation.data };
  window.postMessage(message);
}
