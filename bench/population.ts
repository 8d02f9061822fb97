import { createHmac } from 'node:crypto';
import { secureId } from '@tidings/api/clock';
import { type ConversationId, directId, groupId, seq, type UserId, userId } from '@tidings/api/ids';
import type { Directory } from '@tidings/db/directory/directory';

/** Somebody who is signed in: the cookie stands for a session that the server finds in its directory. */
export type Citizen = { readonly userId: UserId; readonly cookie: string };

/** People and chats put into a directory past the server: signing 10,000 up would take hours of password hashing. */
export class Population {
  readonly #directory: Directory;
  readonly #secret: string;

  /** `secret`: the server's own, which signs cookies. */
  constructor(directory: Directory, secret: string) {
    this.#directory = directory;
    this.#secret = secret;
  }

  async people(count: number): Promise<readonly Citizen[]> {
    const { client } = this.#directory;
    const people = Array.from({ length: count }, (_, index) => ({
      id: userId(secureId()),
      token: secureId(),
      name: `Person ${index}`,
    }));
    for (let from = 0; from < count; from += 500) {
      const some = people.slice(from, from + 500);
      await client.user.createMany({
        data: some.map(({ id, name }) => ({
          id,
          name,
          username: id.toLowerCase(),
          displayUsername: id,
          email: `${id}@users.invalid`,
        })),
      });
      const expiresAt = new Date(Date.now() + 30 * 24 * 3_600_000);
      await client.session.createMany({
        data: some.map(({ id, token }) => ({
          id: secureId(),
          token,
          userId: id,
          expiresAt,
          lastUsedAt: new Date(),
        })),
      });
    }
    return people.map(({ id, token }) => ({ userId: id, cookie: this.#cookieOf(token) }));
  }

  async direct(a: Citizen, b: Citizen): Promise<ConversationId> {
    const [id] = await this.directs([[a, b]]);
    return id as ConversationId;
  }

  /** A conversation for each two, many in one statement. */
  async directs(couples: readonly (readonly [Citizen, Citizen])[]): Promise<readonly ConversationId[]> {
    const { client } = this.#directory;
    const made = couples.map(([a, b]) => ({ id: directId(a.userId, b.userId), people: [a, b] }));
    for (let from = 0; from < made.length; from += 500) {
      const some = made.slice(from, from + 500);
      await client.conversation.createMany({
        data: some.map(({ id, people: [a] }) => ({ id, kind: 'direct', createdBy: (a as Citizen).userId })),
      });
      await client.membership.createMany({
        data: some.flatMap(({ id, people }) =>
          people.map(({ userId }) => ({ conversationId: id, userId, role: 'member', joinedSeq: 1 })),
        ),
      });
    }
    return made.map(({ id }) => id);
  }

  async group(name: string, members: readonly Citizen[]): Promise<ConversationId> {
    const id = groupId(secureId());
    const rows = members.map((one, index) => ({
      userId: one.userId,
      role: index === 0 ? ('owner' as const) : ('member' as const),
      joinedSeq: seq(1),
    }));
    await this.#directory.conversations.create({
      id,
      createdBy: (members[0] as Citizen).userId,
      createdAt: Date.now(),
      name,
      members: rows,
    });
    return id;
  }

  #cookieOf(token: string): string {
    const signature = createHmac('sha256', this.#secret).update(token).digest('base64');
    return `tidings.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  }
}
