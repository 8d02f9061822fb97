import { sessionId, type UserId } from '@tidings/api/ids';
import { describeBotDirectory } from '@tidings/db/directory/bot-contract';
import { describeDirectory } from '@tidings/db/directory/contract';
import { MemoryBots } from './memory-bots.ts';
import { MemoryConversations } from './memory-conversations.ts';
import { MemoryInvites, MemorySessions, MemoryUsers } from './memory-people.ts';

describeDirectory('memory, for the simulation', open);
describeBotDirectory('memory, for the simulation', open);

type SomeSession = { id: string; token: string; userId: UserId; expiresAt: Date };

async function open() {
  const users = new MemoryUsers();
  const sessions = new MemorySessions(Date.now);
  return {
    users,
    sessions,
    conversations: new MemoryConversations(),
    invites: new MemoryInvites(),
    bots: new MemoryBots(users),
    addUser: async ({ id, username, name }: { id: UserId; username: string; name: string }) => {
      users.add({ userId: id, username, displayName: name });
    },
    addSession: async ({ id, token, userId, expiresAt }: SomeSession) =>
      sessions.add({ sessionId: sessionId(id), token, userId, expiresAt: expiresAt.getTime() }),
    close: async () => {},
  };
}
