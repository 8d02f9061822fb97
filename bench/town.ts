import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '@tidings/api/clock';
import type { ConversationId, UserId } from '@tidings/api/ids';
import type { Directory } from '@tidings/db/directory/directory';
import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { openSqliteStores } from '@tidings/db/sqlite/stores';
import { history } from './history.ts';
import { Population } from './population.ts';

/** A data folder full of people and chats, made before the server starts. */
export class Town extends Population implements AsyncDisposable {
  readonly dataDir: string;
  readonly #directory: Directory;

  private constructor(dataDir: string, directory: Directory) {
    const secret = randomBytes(32).toString('base64url');
    super(directory, secret);
    this.dataDir = dataDir;
    this.#directory = directory;
    writeFileSync(join(dataDir, 'secrets.json'), JSON.stringify({ session: secret }), { mode: 0o600 });
  }

  static async found(): Promise<Town> {
    const dataDir = mkdtempSync(join(tmpdir(), 'tidings-bench-'));
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    return new Town(dataDir, await openEmbeddedDirectory(join(dataDir, 'directory.db')));
  }

  /** Puts `count` messages of `sender` into each conversation's log. */
  async history(
    conversations: readonly { readonly id: ConversationId; readonly sender: UserId }[],
    count: number,
  ): Promise<void> {
    const stores = await openSqliteStores(join(this.dataDir, 'tidings.db'), systemClock);
    for (const { id, sender } of conversations) await stores.messages.append(history(id, sender, count));
    await stores.stop();
  }

  /** The folder is complete: the server may start on it. */
  async close(): Promise<void> {
    await this.#directory.close();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
