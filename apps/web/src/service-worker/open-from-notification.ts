import { isConversationId } from '@tidings/api/ids';
import { chatUrl, type OpenChatMessage } from './shared';

/** Brings a window of the app to the front and shows the chat there; opens one when there is none. */
export async function openFromNotification(clients: Clients, data: unknown): Promise<void> {
  const conversation = (data as { conversationId?: unknown } | null)?.conversationId;
  const windows = await clients.matchAll({ type: 'window' });
  const window = windows.find((client) => client.focused) ?? windows[0];
  if (!window) {
    await clients.openWindow(isConversationId(conversation) ? chatUrl(conversation) : '/');
    return;
  }
  await window.focus();
  if (!isConversationId(conversation)) return;
  const message: OpenChatMessage = { type: 'open-chat', conversationId: conversation };
  window.postMessage(message);
}
