import type { Entry } from '@tidings/api/entry';
import { type ConversationId, deviceId, type Seq, seq } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import type { Head } from '@tidings/api/sync';
import type { Digested } from '../digest.ts';
import { Inbox } from '../inbox.ts';
import type { LocalEntry } from '../local-store.ts';
import { MemoryStore } from '../memory-store.ts';
import { holesIn } from '../ranges.ts';
import { SafeStore } from '../safe-store.ts';
import { FakeLog } from './fake-log.ts';
import { headOf } from './fake-server.ts';
import { VirtualClock } from './virtual-clock.ts';
import { anna, annaBen, ben } from './world.ts';

export const self = { userId: anna, deviceId: deviceId('anna-phone-000000') };

/** A device's inbox without an engine around it: the test says what comes, and when. */
export class Desk {
  readonly clock = new VirtualClock();
  readonly store = new MemoryStore();
  readonly inbox: Inbox;
  readonly reread: Seq[] = [];
  readonly unknown: ConversationId[] = [];
  applies = 0;
  /** What the last batch was said to want. */
  wantsHead: Digested['wantsHead'] = 'no';

  constructor() {
    const store = new SafeStore({ beneath: this.store, clock: this.clock, changed: () => {} });
    const report = (error: unknown) => {
      throw error;
    };
    this.inbox = new Inbox({ store, self, clock: this.clock, report });
    this.inbox.listen({
      changed: (_, digested: Pick<Digested, 'reread' | 'wantsHead'>) => {
        this.reread.push(...digested.reread);
        this.wantsHead = digested.wantsHead;
      },
      unknown: (ids) => void this.unknown.push(...ids),
    });
    this.store.observe(() => {
      this.applies += 1;
    });
  }

  head = (head: Head) => this.inbox.take({ type: 'heads', heads: [head] });
  push = (...entries: Entry[]) => this.inbox.take({ type: 'pushed', entries });
  page = (...pages: RangePage[]) => this.inbox.take({ type: 'pages', pages });

  rows = (): Promise<readonly LocalEntry[]> =>
    this.store.entries(annaBen, seq(0), seq(2 ** 40), 'oldest', 10_000);
  visible = async () => (await this.rows()).filter((row) => row.visible === 1);

  /** What is missing is read, until there is nothing left to read. */
  async readAll(log: FakeLog): Promise<void> {
    await this.head(headOf(log, anna));
    for (;;) {
      const row = this.inbox.row(annaBen);
      const [hole] = holesIn(row?.ranges ?? [], seq(1), seq(log.head)).slice(-1);
      const again = this.reread.splice(0);
      if (!hole && again.length === 0) return;
      if (hole) await this.page(pageOf(log, hole.first, hole.last));
      for (const at of again)
        await this.inbox.take({ type: 'pages', pages: [pageOf(log, at, at)], rebuild: true });
    }
  }
}

export const pageOf = (
  log: FakeLog,
  first: number,
  last: number,
  from: 'oldest' | 'newest' = 'newest',
): RangePage => {
  const range = { conversationId: annaBen, first: seq(first), last: seq(last), from, limit: 15 };
  return log.read(anna, range, 15);
};

export const says = (log: FakeLog, content: string, more: Partial<Entry> = {}): Entry =>
  log.append({
    kind: 'message',
    sender: ben,
    device: deviceId('ben-phone-0000000'),
    clientId: `client-${log.head + 1}-0000` as never,
    sentAt: 1_000 + log.head,
    content,
    ...more,
  });

/** A chat of which the device holds everything. */
export async function chatOf(messages: number) {
  const log = new FakeLog(annaBen, [anna, ben]);
  for (let n = 1; n <= messages; n += 1) says(log, `message ${n}`);
  const desk = new Desk();
  await desk.readAll(log);
  return { log, desk };
}
