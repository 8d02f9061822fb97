import type { ConversationId } from '@tidings/api/ids';
import { LightLine, openAll } from '../light-line.ts';
import type { Citizen } from '../population.ts';

/**
 * A process of its own that holds many devices, so that their work isn't in the way of those that are measured beside them. It opens
 * them all at one handler. Each that loses its line comes back at another one as a client does, with jittered backoff, asks where its
 * conversations stand, and reads what it misses.
 */
export type Member = { readonly citizen: Citizen; readonly conversation: ConversationId };
export type Order = {
  readonly members: readonly Member[];
  readonly home: string;
  readonly others: readonly string[];
  readonly misses: number;
};
/** `at`: by the machine's clock, ms. */
export type Report = { readonly type: 'open' | 'caught-up'; readonly at: number };

const backoffBaseMs = 300;
const maxBackoffMs = 8_000;

process.once('message', (order: Order) => void run(order));
process.on('disconnect', () => process.exit(0));

async function run({ members, home, others, misses }: Order): Promise<void> {
  const lines = await openAll(
    home,
    members.map(({ citizen }) => citizen),
  );
  let left = members.length;
  lines.forEach((line, at) => {
    line.onClose = () =>
      void comeBack(members[at] as Member, others, misses).then(() => {
        left -= 1;
        if (left === 0) tell('caught-up');
      });
  });
  tell('open');
}

/** Tries until it holds everything. */
async function comeBack(member: Member, others: readonly string[], misses: number): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    const wait = Math.random() * Math.min(maxBackoffMs, backoffBaseMs * 2 ** attempt);
    await new Promise((resolve) => setTimeout(resolve, wait));
    const url = others[Math.floor(Math.random() * others.length)] as string;
    if (await catchUp(url, member, misses).catch(() => false)) return;
  }
}

async function catchUp(url: string, { citizen, conversation }: Member, misses: number): Promise<boolean> {
  const line = await LightLine.open(url, citizen);
  const { heads } = (await line.call('query', 'sync.heads', { limit: 100 })) as {
    readonly heads: readonly { readonly conversationId: string; readonly head: number }[];
  };
  const last = heads.find((head) => head.conversationId === conversation)?.head ?? 0;
  const range = { conversationId: conversation, first: 1, last, from: 'oldest', limit: misses };
  const [page] = (await line.call('query', 'message.read', { ranges: [range] })) as readonly {
    readonly entries: readonly unknown[];
  }[];
  return page?.entries.length === misses;
}

const tell = (type: Report['type']): void => {
  process.send?.({ type, at: Date.now() } satisfies Report);
};
