import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { systemClock } from '@tidings/api/clock';
import { seq, trustedConversationId, trustedUserId } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { positions, range } from '../testing/make.ts';
import { temporaryFolder } from '../testing/sqlite-files.ts';
import { openSqliteStores } from './stores.ts';

const path = join(temporaryFolder(), 'tidings.db');
const program = join(import.meta.dirname, 'testing/appending.ts');

/** The highest position answered for each conversation by the time of the kill. */
async function appendUntilKilled(lines: number): Promise<Map<string, number>> {
  const child = spawn(process.execPath, ['--no-warnings', program, path, 'crash-test'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answered = new Map<string, number>();
  let count = 0;
  for await (const line of createInterface(child.stdout)) {
    const [conversation = '', position = ''] = line.split(' ');
    answered.set(conversation, Number(position));
    count += 1;
    if (count === lines) child.kill('SIGKILL');
  }
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  expect(child.signalCode).toBe('SIGKILL');
  return answered;
}

test('LOG2 everything that was answered is there after kill -9, again and again', async () => {
  for (const lines of [1, 150, 400]) {
    const answered = await appendUntilKilled(lines);
    const stores = await openSqliteStores(path, systemClock);
    for (const [name, position] of answered) {
      const conversation = trustedConversationId(name);
      const span = {
        conversation,
        first: seq(1),
        last: seq(position),
        from: 'oldest',
        limit: 100_000,
      } as const;
      const [entries] = await stores.messages.read([span]);
      expect(positions(entries ?? [])).toEqual(range(1, position));
      const [mark] = await stores.watermarks.ofUser(trustedUserId('reader-of-all'), [conversation]);
      expect(mark?.read).toBeGreaterThanOrEqual(position);
    }
    await stores.stop();
  }
}, 30_000);
