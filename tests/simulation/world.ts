import { createHash } from 'node:crypto';
import type { Entry } from '@tidings/api/entry';
import { TidingsError } from '@tidings/api/errors';
import {
  accountId,
  type ConversationId,
  clientId,
  deviceId,
  seq,
  sessionId,
  type UserId,
  userId,
} from '@tidings/api/ids';
import { checkHistory } from '../invariants/check.ts';
import type { History, StoredMark } from '../invariants/history.ts';
import type { Violation } from '../invariants/violation.ts';
import { Cluster } from './cluster.ts';
import { SimDevice } from './device.ts';
import { Weather } from './faults.ts';
import { SeededRandom } from './random.ts';
import { calm, letLoose, type Trouble, troubleOf } from './storm.ts';
import { viewOf } from './view.ts';
import { VirtualClock } from './virtual-clock.ts';
import { Witness } from './witness.ts';

const startMs = Date.UTC(2026, 0, 1);
const dayMs = 86_400_000;
/** Every handler renews its lease within so long. */
const renewalMs = 4_000;
/** How far a server is behind what another has changed of a group, and how far the directory may be behind the log while all breaks. */
const accessLagMs = { shared: 5_000, broken: 25_000 } as const;
/** INV7. */
const convergeMs = 10_000;

/** What became of a seed. */
export type Outcome = {
  readonly seed: number;
  readonly violations: readonly Violation[];
  /** Of everything that the devices stored and the servers logged: the same seed gives the same. */
  readonly hash: string;
};

/** Runs one seed: a world is made, a storm goes over it, it gets ten seconds to recover, and is looked at. */
export async function runSeed(seed: number, tell?: (line: string) => void): Promise<Outcome> {
  const world = new World(seed);
  if (tell) world.tellAll(tell);
  await world.begin();
  await world.storm();
  await world.recover();
  await world.signInAnew();
  return world.outcome();
}

export class World {
  readonly seed: number;
  readonly clock = new VirtualClock(startMs);
  readonly weather: Weather;
  readonly witness = new Witness(this.clock.now);
  readonly cluster: Cluster;
  readonly trouble: Trouble;
  readonly users: readonly UserId[];
  readonly devices: SimDevice[];
  readonly #random: SeededRandom;
  readonly #handlers: number;
  /** Everybody has one device only. */
  readonly #alone: boolean;
  /** What fails in a way that nobody foresaw. */
  readonly #faults: Violation[] = [];

  constructor(seed: number) {
    const random = new SeededRandom(seed);
    this.seed = seed;
    this.#random = random.stream('world');
    this.trouble = troubleOf(random.stream('trouble'));
    this.weather = new Weather(random.stream('weather'), this.clock);
    const { clock, weather, witness } = this;
    this.#handlers = this.#random.between(1, 3);
    this.#alone = this.#random.chance(0.35);
    const shared = this.#handlers > 1;
    this.cluster = new Cluster({ clock, weather, witness, shared, random: random.stream('servers') });
    this.users = Array.from({ length: this.#random.between(2, 5) }, (_, index) => userId(`user-${index}--`));
    this.devices = this.users.flatMap((user) => this.#devicesOf(user));
  }

  /** A quiet beginning: everybody is signed in and live, most of them in a group and in some chats. */
  async begin(): Promise<void> {
    const { cluster, clock, devices, users } = this;
    for (let count = 0; count < this.#handlers; count += 1) cluster.startHandler();
    await clock.run(clock.now() + 100);
    for (const device of devices) device.start();
    await clock.run(clock.now() + 2_000);
    this.watch(this.#beginChats(users));
    await clock.run(clock.now() + 2_000);
  }

  tellAll(tell: (line: string) => void): void {
    const { clock, users, devices, trouble } = this;
    tell(
      JSON.stringify({
        handlers: this.#handlers,
        users: users.length,
        devices: devices.map(({ device }) => device),
        trouble,
      }),
    );
    this.witness.tell = (what, details) =>
      tell(`${clock.now() - startMs} ${what} ${details === undefined ? '' : JSON.stringify(details)}`);
  }

  async storm(): Promise<void> {
    const lasts = letLoose(this, this.#random.stream('storm'));
    await this.clock.run(this.clock.now() + lasts);
  }

  /** INV7. Who can't know that something was lost looks again, as a device does when its user comes back to it. */
  async recover(): Promise<void> {
    calm(this);
    await this.clock.runUntil(() => this.cluster.handlers.some((handler) => handler.accepts), 1_000, 5);
    const { registryLoss } = this.trouble;
    // Who is connected is known again when every handler has renewed its lease.
    if (registryLoss) await this.clock.run(this.clock.now() + renewalMs);
    if (this.#needsWaking()) for (const device of this.devices) device.engine?.wake();
    await this.clock.run(this.clock.now() + convergeMs);
  }

  /**
   * Some losses nobody but the user finds: on a line that is dead and doesn't say so, and with a handler that took what it had accepted with
   * it. All others the servers must make good by themselves.
   */
  #needsWaking(): boolean {
    const { moods, registryLoss, handlerCrashes } = this.trouble;
    return moods || registryLoss || (handlerCrashes && this.#handlers > 1);
  }

  /** A new device of everybody, which reads all that there is: what is there must be what the others have. */
  async signInAnew(): Promise<void> {
    const fresh = this.users.map((user) => this.#device(user, 'fresh'));
    for (const device of fresh) device.start();
    await this.clock.run(this.clock.now() + 2_000);
    for (const device of fresh) if (this.#random.chance(0.5)) device.crash();
    for (const device of fresh) device.start();
    await this.clock.run(this.clock.now() + 1_000);
    for (const device of fresh) this.watch(readEverything(device));
    await this.clock.run(this.clock.now() + 1_000);
    this.devices.push(...fresh);
  }

  /** Whatever this rejects with is a fault, unless it is an answer of the domain. */
  watch(doing: Promise<unknown>): void {
    doing.catch((error: unknown) => {
      if (error instanceof TidingsError) return;
      this.#faults.push({ rule: 'WIRE2', what: error instanceof Error ? `${error.stack}` : String(error) });
    });
  }

  async outcome(): Promise<Outcome> {
    const history = await this.history();
    const seen = [...this.witness.violations, ...this.devices.flatMap((device) => device.watcher.violations)];
    const hash = createHash('sha256').update(
      JSON.stringify([[...history.logs], history.views, history.acknowledgements, history.marks]),
    );
    await this.cluster.stores.stop();
    return {
      seed: this.seed,
      violations: [...this.#faults, ...seen, ...checkHistory(history)],
      hash: hash.digest('hex').slice(0, 16),
    };
  }

  async history(): Promise<History> {
    const ids = await this.cluster.conversations.list(null, 10_000);
    const records = await this.cluster.conversations.conversations(ids);
    const logs = new Map<ConversationId, readonly Entry[]>();
    for (const id of [...ids, ...this.users.map(accountId)]) logs.set(id, await this.#log(id));
    const { sends, acknowledgements, marks, receivedEntries: received } = this.witness;
    return {
      sends,
      acknowledgements,
      marks: [...marks, ...this.devices.flatMap((device) => device.watcher.marks)],
      logs,
      storedMarks: await this.#storedMarks(ids),
      spans: records.flatMap(({ members }) =>
        members.map(({ conversationId, userId: user, joinedSeq, removedSeq }) => ({
          conversationId,
          user,
          joinedSeq,
          removedSeq,
        })),
      ),
      received,
      accessLagMs: this.#accessLagMs(),
      mayDouble: this.#handlers > 1 || this.trouble.handlerCrashes || this.trouble.backgroundFlushes,
      views: await Promise.all(this.devices.map((device) => viewOf(device, logs))),
    };
  }

  async #storedMarks(ids: readonly ConversationId[]): Promise<readonly StoredMark[]> {
    const marks = await this.cluster.stores.watermarks.ofConversations(ids);
    return marks.flat().map(({ conversation, ...mark }) => ({ conversationId: conversation, ...mark }));
  }

  #accessLagMs(): number {
    const { ports, handlerCrashes } = this.trouble;
    const mayLag = handlerCrashes || ports.failBefore + ports.failAfter + ports.slow > 0;
    return (this.#handlers > 1 ? accessLagMs.shared : 0) + (mayLag ? accessLagMs.broken : 0);
  }

  async #log(conversation: ConversationId): Promise<readonly Entry[]> {
    const span = {
      conversation,
      first: seq(1),
      last: seq(1_000_000),
      from: 'oldest',
      limit: 1_000_000,
    } as const;
    const [log = []] = await this.cluster.stores.messages.read([span]);
    return log;
  }

  async #beginChats(users: readonly UserId[]): Promise<void> {
    const engine = this.devices[0]?.engine;
    const [, ...others] = users;
    if (!engine) return;
    const members = others.filter(() => this.#random.chance(0.8));
    const group = { clientId: clientId('the-first-group'), name: 'Everybody', description: '', members };
    const opened = await Promise.all([
      engine.api.group.create.mutate(group),
      ...others.slice(0, 2).map((user) => engine.api.conversation.open.mutate({ userId: user })),
    ]);
    await Promise.all(opened.map((head) => engine.refresh(head.conversationId)));
  }

  #devicesOf(user: UserId): SimDevice[] {
    const username = user.replaceAll('-', '');
    this.cluster.users.add({ userId: user, username, displayName: username });
    const names = !this.#alone && this.#random.chance(0.5) ? ['phone', 'laptop'] : ['phone'];
    return names.map((name) => this.#device(user, name));
  }

  #device(user: UserId, name: string): SimDevice {
    const device = deviceId(`${user}${name}`.padEnd(16, '-'));
    const session = sessionId(`session-${device}`);
    const expiresAt = startMs + 30 * dayMs;
    this.cluster.sessions.add({ sessionId: session, token: session, userId: user, expiresAt });
    const { clock, cluster, witness } = this;
    const skewMs = this.#random.chance(0.3) ? this.#random.between(-dayMs, dayMs) : 0;
    const random = new SeededRandom(this.seed, device);
    return new SimDevice({ user, device, session, clock, random, cluster, witness, skewMs });
  }
}

async function readEverything({ engine, disk }: SimDevice): Promise<void> {
  for (const { conversationId, head } of await disk.memory.conversations())
    await engine?.loadOlder(conversationId, seq(head + 1), head + 1);
}
