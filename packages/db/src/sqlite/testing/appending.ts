import { writeSync } from 'node:fs';
import { systemClock } from '@tidings/api/clock';
import { groupId, seq, userId } from '@tidings/api/ids';
import { entryAt } from '../../testing/make.ts';
import { openSqliteStores } from '../stores.ts';

/**
 * A process to be killed: appends to eight conversations and raises a mark behind each entry, and prints `<conversation> <position>`
 * when the store answered for both.
 */
const [, , path = '', prefix = ''] = process.argv;
const stores = await openSqliteStores(path, systemClock);

async function appendForever(lane: number): Promise<never> {
  const conversation = groupId(`${prefix}-lane-${lane}`);
  const user = userId('reader-of-all');
  const [tail] = await stores.messages.heads([conversation]);
  for (let position = (tail?.seq ?? 0) + 1; ; position += 1) {
    await stores.messages.append([
      entryAt(conversation, position, { content: `${lane}/${position}`.repeat(50) }),
    ]);
    const mark = { conversation, user, delivered: seq(position), read: seq(position), at: Date.now() };
    await stores.watermarks.advance([mark]);
    writeSync(1, `${conversation} ${position}\n`);
  }
}

await Promise.all(Array.from({ length: 8 }, (_, lane) => appendForever(lane)));
