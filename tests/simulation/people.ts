import type { AccountItem } from '@tidings/api/account';
import { clientId, conversationKind, directId, type Seq, seq, type UserId } from '@tidings/api/ids';
import type { Engine } from '@tidings/client/engine-port';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import type { SimDevice } from './device.ts';
import type { SeededRandom } from './random.ts';
import type { Witness } from './witness.ts';
import type { World } from './world.ts';

/** One thing that somebody does at a device which is running. */
type Act = (scene: Scene) => Promise<void>;

type Scene = {
  readonly engine: Engine;
  readonly device: SimDevice;
  readonly random: SeededRandom;
  readonly witness: Witness;
  readonly everybody: readonly UserId[];
  /** A conversation that the device knows, and what it holds of it. */
  readonly chat: LocalConversation;
  readonly rows: readonly LocalEntry[];
};

/**
 * What people do, at random: mostly they write. Whatever is refused is refused; whatever a crash swallows is swallowed. The checkers know what
 * was promised.
 */
export async function doSomething(
  device: SimDevice,
  { users, witness }: World,
  random: SeededRandom,
): Promise<void> {
  const act = choose(random);
  const { engine } = device;
  if (!engine) return;
  const { memory } = device.disk;
  const alone = { engine, device, random, witness, everybody: users };
  const chats = [...(await memory.conversations())].sort((a, b) =>
    a.conversationId < b.conversationId ? -1 : 1,
  );
  if (chats.length === 0) return openDirect(alone);
  const chat = random.pick(chats);
  const rows = await memory.entries(chat.conversationId, seq(1), seq(1_000_000), 'newest', 40);
  await act({ ...alone, chat, rows });
}

/** An item of their account, whatever else goes on. */
export async function putSomething({ engine, disk }: SimDevice, random: SeededRandom): Promise<void> {
  const at = random.between(1, 1_000);
  const [chat] = await disk.memory.conversations();
  if (engine && chat) await engine.putItems([{ key: `pin:${chat.conversationId}`, value: at }]);
}

const write: Act = async ({ engine, random, chat, rows }) => {
  const quoted = messagesOf(rows)[0];
  const replyTo =
    quoted && random.chance(0.1)
      ? { replyTo: { seq: quoted.seq, sender: quoted.sender, preview: 'quoted' } }
      : {};
  const burst = burstOf(random);
  for (let count = 0; count < burst; count += 1)
    await engine.send(chat.conversationId, { type: 'text', text: textOf(random), ...replyTo });
};

const edit: Act = async ({ engine, device, random, chat, rows }) => {
  const mine = messagesOf(rows).filter((row) => row.sender === device.user);
  if (mine.length > 0)
    await engine.edit(chat.conversationId, random.pick(mine).seq, { type: 'text', text: textOf(random) });
};

const remove: Act = async ({ engine, device, random, chat, rows }) => {
  const mine = messagesOf(rows).filter((row) => row.sender === device.user);
  if (mine.length > 0) await engine.remove(chat.conversationId, random.pick(mine).seq);
};

const react: Act = async ({ engine, random, chat, rows }) => {
  const targets = messagesOf(rows);
  if (targets.length > 0)
    await engine.react(chat.conversationId, random.pick(targets).seq, random.pick(['👍', '❤️', '😂', '']));
};

const readOn: Act = async ({ engine, random, chat, rows }) => {
  const newest = rows.at(-1)?.seq ?? seq(0);
  engine.markRead(chat.conversationId, random.chance(0.7) ? newest : ((rows[0]?.seq ?? newest) as Seq));
};

const keep: Act = async ({ engine, random, chat, rows }) => {
  const id = chat.conversationId;
  const [message] = messagesOf(rows);
  const at = message?.seq ?? seq(1);
  const items: AccountItem[] = [
    { key: `draft:${id}`, value: random.chance(0.7) ? { text: textOf(random), at: 1 } : null },
    { key: `pin:${id}`, value: random.chance(0.6) ? random.between(1, 1_000) : null },
    { key: `mute:${id}`, value: random.chance(0.6) ? 0 : null },
    { key: `archive:${id}`, value: random.chance(0.5) ? true : null },
    { key: `star:${id}:${at}`, value: random.chance(0.7) ? random.between(1, 1_000) : null },
    { key: `hide:${id}:${at}`, value: true },
  ];
  const count = random.between(1, 2);
  await engine.putItems(Array.from({ length: count }, () => random.pick(items)));
};

const lookBack: Act = async ({ engine, random, chat }) => {
  if (chat.head < 1) return;
  const at = seq(random.between(1, chat.head));
  if (random.chance(0.5)) await engine.loadOlder(chat.conversationId, at, random.between(1, 30));
  else await engine.loadAround(chat.conversationId, at);
};

/** Somebody who asks for all of it, whether or not it is theirs. */
const pry: Act = async ({ engine, random, chat, everybody }) => {
  const [a, b] = [random.pick(everybody), random.pick(everybody)];
  const theirs = a === b ? chat.conversationId : directId(a, b);
  const whole = { first: seq(1), last: seq(1_000_000), from: 'newest', limit: 200 } as const;
  const ranges = [chat.conversationId, theirs].map((conversationId) => ({ conversationId, ...whole }));
  await engine.api.message.read.query({ ranges });
  await engine.api.sync.heads.query({ only: [chat.conversationId, theirs] });
};

const look: Act = async ({ engine, everybody, random, chat }) => {
  engine.watch([random.pick(everybody)], [chat.conversationId]);
  engine.needProfiles([random.pick(everybody)]);
  engine.act(random.pick(['open', 'act', 'close']));
  if (random.chance(0.5)) engine.typing(chat.conversationId, random.chance(0.7));
  if (random.chance(0.3)) engine.wake();
};

const openDirect = async ({ engine, device, everybody, random }: Omit<Scene, 'chat' | 'rows'>) => {
  const other = random.pick(everybody.filter((user) => user !== device.user));
  const head = await engine.api.conversation.open.mutate({ userId: other });
  await engine.refresh(head.conversationId);
};

const createGroup: Act = async ({ engine, device, everybody, random }) => {
  const members = everybody.filter((user) => user !== device.user && random.chance(0.6));
  const head = await engine.api.group.create.mutate({
    clientId: clientId(random.makeId()),
    name: 'Walks',
    description: '',
    members,
  });
  await engine.refresh(head.conversationId);
};

const changeGroup: Act = async ({ engine, everybody, random, chat }) => {
  const { conversationId } = chat;
  if (conversationKind(conversationId) !== 'group') return;
  const user = random.pick(everybody);
  switch (random.between(0, 5)) {
    case 0:
    case 1:
      return engine.api.group.add.mutate({ conversationId, userIds: [user] });
    case 2:
    case 3:
      return engine.api.group.remove.mutate({ conversationId, userId: user });
    case 4:
      return engine.api.group.setRole.mutate({
        conversationId,
        userId: user,
        role: random.pick(['admin', 'member', 'owner']),
      });
    default:
      return random.chance(0.3)
        ? engine.api.group.leave.mutate({ conversationId })
        : engine.api.group.update.mutate({ conversationId, name: textOf(random) });
  }
};

const tidyOutbox: Act = async ({ engine, device, random, witness }) => {
  const items = (await device.disk.memory.outbox()).filter(({ state }) => state.type !== 'sent');
  const failed = items.filter(({ state }) => state.type === 'failed');
  if (failed.length > 0) await engine.retry(random.pick(failed).clientId);
  else if (items.length > 0 && random.chance(0.3)) {
    const { clientId: unwanted } = random.pick(items);
    witness.discarded(unwanted);
    await engine.discard(unwanted);
  }
};

const weights: readonly (readonly [number, Act])[] = [
  [44, write],
  [6, edit],
  [5, remove],
  [8, react],
  [13, readOn],
  [7, keep],
  [3, lookBack],
  [3, look],
  [3, pry],
  [2, openDirect],
  [1, createGroup],
  [6, changeGroup],
  [2, tidyOutbox],
];
const total = weights.reduce((sum, [weight]) => sum + weight, 0);

function choose(random: SeededRandom): Act {
  let at = random.between(1, total);
  for (const [weight, act] of weights) {
    at -= weight;
    if (at <= 0) return act;
  }
  return write;
}

const messagesOf = (rows: readonly LocalEntry[]): LocalEntry[] =>
  rows.filter((row) => row.kind === 'message' && row.visible === 1 && !row.deleted).reverse();

/** How many messages somebody writes at once: mostly one, seldom more than a page. */
function burstOf(random: SeededRandom): number {
  if (random.chance(0.008)) return random.between(40, 70);
  return random.chance(0.2) ? random.between(2, 6) : 1;
}

const textOf = (random: SeededRandom): string => `words ${random.between(1, 1_000_000).toString(36)}`;
