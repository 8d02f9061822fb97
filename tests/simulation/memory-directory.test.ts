import { sessionId } from '@tidings/api/ids';
import { describeDirectory } from '@tidings/db/directory/contract';
import { MemoryConversations } from './memory-conversations.ts';
import { MemoryInvites, MemorySessions, MemoryUsers } from './memory-people.ts';

describeDirectory('memory, for the simulation', async () => {
  const users = new MemoryUsers();
  const sessions = new MemorySessions(Date.now);
  return {
    users,
    sessions,
    conversations: new MemoryConversations(),
    invites: new MemoryInvites(),
    addUser: async ({ id, username, name }) => users.add({ userId: id, username, displayName: name }),
    addSession: async ({ id, token, userId, expiresAt }) =>
      sessions.add({ sessionId: sessionId(id), token, userId, expiresAt: expiresAt.getTime() }),
    close: async () => {},
  };
});
