import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { secureId } from '@tidings/api/clock';
import type { ConversationId } from '@tidings/api/ids';
import { AssetClient } from '@tidings/server/testing/asset-client';
import { ServerProcess } from '../../tests/support/server-process.ts';

/** The real server on a folder of its own, and two people who chat. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly server: ServerProcess;
  readonly sender: AssetClient;
  readonly chat: ConversationId;

  private constructor(parts: Pick<Stage, 'folder' | 'server' | 'sender' | 'chat'>) {
    this.folder = parts.folder;
    this.server = parts.server;
    this.sender = parts.sender;
    this.chat = parts.chat;
  }

  static async set(): Promise<Stage> {
    const folder = mkdtempSync(join(tmpdir(), 'tidings-bench-assets-'));
    const settings = { WEB_DIR: join(folder, 'no-web'), ASSET_QUOTA_MB: '0', TRUST_PROXY: '1' };
    const server = await ServerProcess.start(join(folder, 'data'), settings);
    const name = () =>
      `bench.${secureId()
        .toLowerCase()
        .replace(/[^a-z0-9]/g, 'x')
        .slice(0, 8)}`;
    const sender = await AssetClient.signUp(server.url, name());
    const chat = await sender.open(await AssetClient.signUp(server.url, name()));
    return new Stage({ folder, server, sender, chat });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const mebibyte = 1024 * 1024;

export const bestOf = async (rounds: number, run: () => Promise<number>): Promise<number> => {
  let best = 0;
  for (let round = 0; round < rounds; round += 1) best = Math.max(best, await run());
  return best;
};

/** Megabytes (10⁶) a second. */
export async function speedOf(bytes: number, work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return bytes / 1_000 / (performance.now() - start);
}

export const randomFile = (bytes: number): Buffer<ArrayBuffer> => Buffer.from(randomBytes(bytes));
