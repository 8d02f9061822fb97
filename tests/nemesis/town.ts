import type { Entry } from '@tidings/api/entry';
import { accountId, type ConversationId, clientId, type DeviceId, seq, type UserId } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import { type NodeSession, signIn, signUp } from '@tidings/client/node';
import type { Api, Line, Transport } from '@tidings/client/transport';
import type { History, MemberSpan } from '../invariants/history.ts';
import { viewOf } from '../simulation/view.ts';
import { NemesisDevice } from './device.ts';

/** Where a town is founded. */
export type Place = {
  /** Where people sign up and in. */
  readonly accounts: string;
  /** How a device gets to the server. */
  readonly transport: (session: NodeSession, device: DeviceId) => Transport;
  /** How somebody gets there who only looks, past all that was broken on purpose. */
  readonly witness: (session: NodeSession) => Transport;
  readonly acknowledged?: () => void;
};

/** Who lives there, by usernames that nobody has yet, and who talks to whom. */
export type Plan = {
  readonly people: readonly string[];
  /** One more device each. */
  readonly withTwoDevices: readonly string[];
  readonly pairs: readonly (readonly [string, string])[];
  /** The first of each is its owner. */
  readonly groups: readonly (readonly string[])[];
};

const password = 'correct horse battery';

/** People with their devices at a server, in chats of two and in groups. */
export class Town implements AsyncDisposable {
  readonly devices: readonly NemesisDevice[];
  /** Each conversation and its members, its owner first. */
  readonly conversations: ReadonlyMap<ConversationId, readonly UserId[]>;
  readonly #place: Place;

  private constructor(
    place: Place,
    devices: readonly NemesisDevice[],
    conversations: ReadonlyMap<ConversationId, readonly UserId[]>,
  ) {
    this.#place = place;
    this.devices = devices;
    this.conversations = conversations;
  }

  static async found(place: Place, plan: Plan): Promise<Town> {
    const sessions = new Map<string, NodeSession>();
    for (const username of plan.people)
      sessions.set(username, await signUp(place.accounts, { username, displayName: username, password }));
    const further: NodeSession[] = [];
    for (const username of plan.withTwoDevices)
      further.push(await signIn(place.accounts, { username, password }));
    const conversations = await makeChats(place, plan, sessions);
    const { acknowledged = () => {} } = place;
    const devices = [...sessions.values(), ...further].map(
      (session) =>
        new NemesisDevice({
          session,
          transport: (device) => place.transport(session, device),
          acknowledged,
        }),
    );
    return new Town(place, devices, conversations);
  }

  /** The conversations that a device may write to. */
  chatsOf({ user }: Pick<NemesisDevice, 'user'>): readonly ConversationId[] {
    return [...this.conversations].filter(([, members]) => members.includes(user)).map(([id]) => id);
  }

  /** Resolves when every device has sent all it had, and holds all that there is, and those of one person agree on what is read. */
  async settle(): Promise<void> {
    for (const device of this.devices)
      await device.until(async (store) => (await store.outbox()).length === 0);
    const { logs } = await this.#truth();
    for (const device of this.devices) {
      for (const id of this.chatsOf(device)) {
        const head = logs.get(id)?.length ?? 0;
        await device.until(
          async (store) => ((await store.conversation(id))?.ranges.at(-1)?.last ?? 0) >= head,
        );
        await device.until(async (store) => ((await store.conversation(id))?.delivered ?? 0) >= head);
        const read = await this.#readBy(device.user, id);
        await device.until(async (store) => ((await store.conversation(id))?.read ?? 0) >= read);
      }
    }
  }

  /** Who hasn't got what the others have, or not sent what they have written; in words, as far as the devices can tell. */
  async shortcomings(): Promise<readonly string[]> {
    const found: string[] = [];
    const heads = await this.#heads();
    for (const device of this.devices) {
      const waiting = (await device.store.outbox()).length;
      if (waiting > 0) found.push(`${device.device} has ${waiting} to send`);
      for (const id of this.chatsOf(device)) {
        const held = (await device.store.conversation(id))?.ranges.at(-1)?.last ?? 0;
        const head = heads.get(id) ?? 0;
        if (held < head) found.push(`${device.device} holds ${held} of ${head} in ${id}`);
        const [read, known] = [
          (await device.store.conversation(id))?.read ?? 0,
          await this.#readBy(device.user, id),
        ];
        if (read < known) found.push(`${device.device} has read ${read} of ${known} in ${id}`);
      }
    }
    return found;
  }

  async history(): Promise<History> {
    const { logs, spans } = await this.#truth();
    return {
      sends: this.devices.flatMap((device) => device.sends),
      acknowledgements: this.devices.flatMap((device) => device.acknowledgements),
      marks: this.devices.flatMap((device) => device.marks),
      logs,
      spans,
      views: await Promise.all(
        this.devices.map(({ user, device, store }) =>
          viewOf({ user, device, disk: { memory: store } }, logs),
        ),
      ),
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.devices.map((device) => device[Symbol.asyncDispose]()));
  }

  /** The newest that any device holds, of each conversation. */
  async #heads(): Promise<ReadonlyMap<ConversationId, number>> {
    const heads = new Map<ConversationId, number>();
    for (const device of this.devices)
      for (const id of this.chatsOf(device)) {
        const row = await device.store.conversation(id);
        if (row) heads.set(id, Math.max(heads.get(id) ?? 0, row.ranges.at(-1)?.last ?? 0));
      }
    return heads;
  }

  /** The furthest read mark that a device of theirs knows of. */
  async #readBy(user: UserId, conversation: ConversationId): Promise<number> {
    const theirs = this.devices.filter((device) => device.user === user);
    const marks = await Promise.all(theirs.map(({ store }) => store.conversation(conversation)));
    return Math.max(...marks.map((mark) => mark?.read ?? 0));
  }

  /** Logs and members as the server gives them to a member who asks with a connection of their own. */
  async #truth(): Promise<{ logs: Map<ConversationId, readonly Entry[]>; spans: readonly MemberSpan[] }> {
    const logs = new Map<ConversationId, readonly Entry[]>();
    const spans: MemberSpan[] = [];
    for (const device of this.devices) {
      const mine = [...this.chatsOf(device), accountId(device.user)].filter((one) => !logs.has(one));
      if (mine.length === 0) continue;
      const line = await openLine(this.#place.witness(device.session));
      for (const id of mine) {
        logs.set(id, await readLog(line.api, id));
        if (!id.startsWith('account:')) spans.push(...(await readMembers(line.api, id)));
      }
      line.close();
    }
    return { logs, spans };
  }
}

/** A busy machine may take longer than a line is waited for; the test itself has a limit. */
async function openLine(transport: Transport): Promise<Line> {
  for (;;) {
    const line = await transport.connect({ batch: () => {}, closed: () => {} }).catch(() => null);
    if (line) return line;
  }
}

async function makeChats(
  place: Place,
  { pairs, groups }: Plan,
  sessions: ReadonlyMap<string, NodeSession>,
): Promise<Map<ConversationId, readonly UserId[]>> {
  const chats = new Map<ConversationId, readonly UserId[]>();
  const userOf = (name: string) => (sessions.get(name) as NodeSession).userId as UserId;
  const as = async (
    name: string,
    make: (api: Api) => Promise<{ readonly conversationId: ConversationId }>,
  ) => {
    const line = await openLine(place.witness(sessions.get(name) as NodeSession));
    const { conversationId } = await make(line.api);
    line.close();
    return conversationId;
  };
  for (const [one, other] of pairs) {
    const id = await as(one, (api) => api.conversation.open.mutate({ userId: userOf(other) }));
    chats.set(id, [userOf(one), userOf(other)]);
  }
  for (const [at, members] of groups.entries()) {
    const [owner = '', ...others] = members;
    const id = await as(owner, (api) =>
      api.group.create.mutate({
        clientId: clientId(`town-${at}-of-${userOf(owner)}`.slice(0, 64)),
        name: 'Town',
        members: others.map(userOf),
      }),
    );
    chats.set(id, members.map(userOf));
  }
  return chats;
}

async function readLog(api: Api, conversationId: ConversationId): Promise<Entry[]> {
  const log: Entry[] = [];
  for (;;) {
    const range = {
      conversationId,
      first: seq(log.length + 1),
      last: seq(10_000_000),
      from: 'oldest',
      limit: 500,
    } as const;
    const [page] = (await api.message.read.query({ ranges: [range] })) as RangePage[];
    if (!page || page.error) throw new Error(`${conversationId} can't be read: ${page?.error}`);
    log.push(...page.entries);
    if (log.length >= page.head) return log;
  }
}

async function readMembers(api: Api, conversationId: ConversationId): Promise<MemberSpan[]> {
  const { members } = await api.conversation.members.query({ conversationId });
  return members.map(({ userId: user, joinedSeq }) => ({
    conversationId,
    user,
    joinedSeq,
    removedSeq: null,
  }));
}
