import { loadavg } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import type { Violation } from '../../invariants/violation.ts';
import { SeededRandom } from '../../simulation/random.ts';
import type { NemesisDevice } from '../device.ts';
import { type Pace, Writer } from '../load.ts';
import type { Town } from '../town.ts';
import type { Fault, Scene, Trouble } from './faults/fault.ts';
import { GroupLag } from './group-lag.ts';
import { type Demand, Ledger } from './ledger.ts';
import { within } from './patience.ts';

/** Faults that are there at once, under load, and their end. */
export type Act = { readonly faults: readonly Fault[]; readonly holdMs: number };

export type ActResult = {
  readonly faults: readonly string[];
  /** What exactly was broken. */
  readonly what: readonly string[];
  /** From the first fault's beginning to the last one's end. */
  readonly heldMs: number;
  /** From the last fault's end until every device had all; null when it was given up. */
  readonly convergedMs: number | null;
  /** Processes that wanted to run, on average over the minute before its end. */
  readonly load: number;
  /** The slowest entry of a group on its way through the group message handlers: see {@link GroupLag}. */
  readonly groupLagS: number;
  readonly bystanders: number;
  /** For how long at most one of them went without an acknowledgement meanwhile. */
  readonly bystandersWaitedMs: number;
  readonly acknowledged: number;
  /** Errors that devices were given, by code. */
  readonly failures: Readonly<Record<string, number>>;
  readonly violations: readonly Violation[];
};

/** What must come true is waited for so long, by how busy the machine may be. */
export type Patience = {
  /** INV7: from the fault's end until every device has everything. */
  readonly convergeMs: number;
  /** Beyond this it isn't waited for any longer: late is a violation, never is the end of the tale. */
  readonly giveUpMs: number;
  /** Whatever was killed is started again, by scripts that know when it is ready. */
  readonly mendMs: number;
  /** Something that must be seen while it is broken. */
  readonly chatMs: number;
  /** Between two acknowledgements of one who has nothing to do with it. */
  readonly silenceMs: number;
};

const pace: Pace = { leastMs: 60, mostMs: 500 };

/** What a client may be told while things break: all mean that it comes again. */
const passing = new Set(['unavailable', 'draining', 'resume', 'conflict', 'too-many-requests']);
const nothing = new Set<string>();

/** Everybody chats, something breaks, those whom it doesn't concern go on, it is mended, and all have everything. */
export async function play(scene: Scene, { faults, holdMs }: Act, patience: Patience): Promise<ActResult> {
  const { town } = scene;
  const ledger = new Ledger(town.devices);
  await ledger.must(warmth(town, patience));
  const lag = await GroupLag.open(scene.stage);
  const writers = startWriting(scene);

  const beganAt = Date.now();
  const troubles = await begin(scene, faults);
  const bystanders = bystandersOf(town, troubles);
  const demands = [...chatting(town, troubles, patience), ...shown(troubles, patience)];
  const leastMs = Math.max(holdMs, ...faults.map(({ leastMs = 0 }) => leastMs));
  await Promise.all([pause(leastMs), ...demands.map((demand) => ledger.must(demand))]);
  for (const trouble of mending(troubles)) await ledger.must(mended(trouble, patience));

  const endedAt = Date.now();
  const waits = bystanders.map((device) => device.longestWaitMs(beganAt, endedAt));
  const bystandersWaitedMs = Math.max(0, ...waits);
  ledger.atMost({
    rule: 'bystanders',
    what: 'one of them went without an acknowledgement',
    ms: bystandersWaitedMs,
    mostMs: patience.silenceMs,
  });
  const convergedMs = await converge(ledger, scene, { writers, patience });
  ledger.allow(troubles.every(({ unnoticed }) => unnoticed) ? nothing : passing);
  return {
    faults: faults.map(({ name }) => name),
    what: troubles.map((trouble) => trouble.what),
    heldMs: endedAt - beganAt,
    convergedMs,
    load: Number(loadavg()[0]?.toFixed(1)),
    groupLagS: await lag.worstS(),
    bystanders: bystanders.length,
    bystandersWaitedMs,
    acknowledged: ledger.acknowledged,
    failures: ledger.failures,
    violations: ledger.violations,
  };
}

/** How long it takes from now until everybody has everything; null when it was given up. */
async function converge(
  ledger: Ledger,
  { town }: Scene,
  { writers, patience }: { readonly writers: readonly Writer[]; readonly patience: Patience },
): Promise<number | null> {
  const since = Date.now();
  const holds = Promise.all(writers.map((writer) => writer.stop())).then(() => town.settle());
  const inTime = await within(patience.convergeMs, holds).catch(() => false);
  const lacking = inTime ? [] : await town.shortcomings();
  const what = 'every device has everything';
  const converged = await ledger.must({ rule: 'INV7', what, holds, withinMs: patience.giveUpMs });
  if (!converged) return null;
  // To see that it is so takes a while, too, which isn't the devices' fault.
  const ms = Math.max(0, ...town.devices.map(({ storedAt }) => storedAt - since));
  const when = ['until every device had everything', ...lacking].join('; ');
  ledger.atMost({ rule: 'INV7', what: when, ms, mostMs: patience.convergeMs });
  return ms;
}

/** Each handler knows who is in the chats of its devices, as it does after a minute of anybody's day. */
const warmth = (town: Town, { chatMs }: Patience): Demand => ({
  rule: 'SEND1',
  what: 'a word of everybody in each chat is acknowledged',
  holds: warmUp(town),
  withinMs: chatMs,
});

async function warmUp(town: Town): Promise<void> {
  for (const device of town.devices)
    for (const chat of town.chatsOf(device))
      await device.engine.send(chat, { type: 'text', text: 'warm-up' });
  for (const device of town.devices) await device.until(async (store) => (await store.outbox()).length === 0);
}

function startWriting({ town, random }: Scene): readonly Writer[] {
  const writers = town.devices.map(
    (device) => new Writer(device, new SeededRandom(random.between(0, 2 ** 31)), pace),
  );
  for (const writer of writers) writer.start(town);
  return writers;
}

async function begin(scene: Scene, faults: readonly Fault[]): Promise<readonly Trouble[]> {
  const troubles: Trouble[] = [];
  const inOrder = [...faults].sort((a, b) => Number(b.comesFirst ?? false) - Number(a.comesFirst ?? false));
  for (const fault of inOrder) {
    if (troubles.length > 0) await pause(scene.random.between(0, 2_000));
    troubles.push(await fault.begin(scene));
  }
  return troubles;
}

const mended = ({ what, end }: Trouble, { mendMs }: Patience): Demand => ({
  rule: 'processes',
  what: `an end to this: ${what}`,
  holds: end(),
  withinMs: mendMs,
});

/** Who starts again needs the engines, and the way to them. */
const mending = (troubles: readonly Trouble[]): readonly Trouble[] => [
  ...troubles.filter(({ starts }) => !starts),
  ...troubles.filter(({ starts }) => starts),
];

const bystandersOf = ({ devices }: Town, troubles: readonly Trouble[]): readonly NemesisDevice[] =>
  devices.filter((device) => troubles.every(({ bystanders }) => bystanders.includes(device)));

function chatting(town: Town, troubles: readonly Trouble[], { chatMs }: Patience): readonly Demand[] {
  const bystanders = bystandersOf(town, troubles);
  const among = troubles.every(({ theyHear }) => theyHear) ? bystanders : [];
  return bystanders.map((device) => ({
    rule: 'bystanders',
    what: `${device.device} goes on chatting`,
    holds: goesOn(town, device, among),
    withinMs: chatMs,
  }));
}

/** Resolves when something that it writes from now on is acknowledged, and it hears one of `among` with whom it shares a chat. */
function goesOn(town: Town, device: NemesisDevice, among: readonly NemesisDevice[]): Promise<void> {
  const since = Date.now();
  const chats = town.chatsOf(device).filter((id) => id.startsWith('direct:'));
  const partners = among.filter(
    (other) => other.user !== device.user && town.chatsOf(other).some((id) => chats.includes(id)),
  );
  return device.until(
    async () =>
      device.acknowledgedUpTo >= since &&
      (partners.length === 0 || partners.some(({ user }) => (device.heardUpTo.get(user) ?? 0) >= since)),
  );
}

const shown = (troubles: readonly Trouble[], { chatMs }: Patience): readonly Demand[] =>
  troubles.flatMap(({ until }) =>
    until && (troubles.length === 1 || !until.alone)
      ? [{ rule: until.rule, what: until.what, holds: until.holds(), withinMs: chatMs }]
      : [],
  );
