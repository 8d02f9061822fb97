import { createHmac, randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secureId, systemClock } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import type { Entry } from '@tidings/api/entry';
import {
  type ConversationId,
  clientId,
  deviceId,
  directId,
  groupId,
  seq,
  type UserId,
  userId,
} from '@tidings/api/ids';
import type { Directory } from '@tidings/db/directory/directory';
import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { openSqliteStores } from '@tidings/db/sqlite/stores';

/** Somebody who is signed in: the cookie stands for a session that the server finds in its directory. */
export type Citizen = { readonly userId: UserId; readonly cookie: string };

/** A data folder full of people and chats, made before the server starts: signing 10,000 up would take hours of password hashing. */
export class Town implements AsyncDisposable {
  readonly dataDir: string;
  readonly #directory: Directory;
  readonly #secret = randomBytes(32).toString('base64url');

  private constructor(dataDir: string, directory: Directory) {
    this.dataDir = dataDir;
    this.#directory = directory;
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ session: this.#secret }), { mode: 0o600 });
  }

  static async found(): Promise<Town> {
    const dataDir = mkdtempSync(join(tmpdir(), 'tidings-bench-'));
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new Town(dataDir, await openEmbeddedDirectory(join(dataDir, 'directory.db')));
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
    const id = directId(a.userId, b.userId);
    const members = [a, b].map((one) => ({ userId: one.userId, role: 'member' as const, joinedSeq: seq(1) }));
    await this.#directory.conversations.create({ id, createdBy: a.userId, createdAt: Date.now(), members });
    return id;
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

  /** Puts `count` messages of `sender` into each conversation's log. */
  async history(
    conversations: readonly { readonly id: ConversationId; readonly sender: UserId }[],
    count: number,
  ): Promise<void> {
    const stores = await openSqliteStores(join(this.dataDir, 'tidings.db'), systemClock);
    const device = deviceId(secureId());
    for (const { id, sender } of conversations) {
      const entries = Array.from(
        { length: count },
        (_, index): Entry => ({
          conversationId: id,
          seq: seq(index + 1),
          kind: 'message',
          sender,
          device,
          clientId: clientId(secureId()),
          sentAt: Date.now() - (count - index),
          content: encodeContent({
            type: 'text',
            text: `Message ${index + 1}: the quick brown fox jumps over the lazy dog.`,
          }),
        }),
      );
      await stores.messages.append(entries);
    }
    await stores.stop();
  }

  /** The folder is complete: the server may start on it. */
  async close(): Promise<void> {
    await this.#directory.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.dataDir, { recursive: true, force: true });
  }

  #cookieOf(token: string): string {
    const signature = createHmac('sha256', this.#secret).update(token).digest('base64');
    return `tidings.session_token=${encodeURIComponent(`${token}.${signature}`)}`;
  }
}
