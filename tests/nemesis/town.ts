import type { Entry } from '@tidings/api/entry';
import { accountId, type ConversationId, clientId, seq } from '@tidings/api/ids';
import type { RangePage } from '@tidings/api/message';
import { type NodeSession, newDeviceId, nodeTransport, signIn, signUp } from '@tidings/client/node';
import type { Api, Line, Transport } from '@tidings/client/transport';
import type { History, MemberSpan } from '../invariants/history.ts';
import { viewOf } from '../simulation/view.ts';
import { NemesisDevice } from './device.ts';

const names = ['ann', 'bob', 'cleo', 'dan'] as const;
const password = 'correct horse battery';
/** One more device each. */
const withTwoDevices = ['ann', 'bob'] as const;

/** Four people with six devices at a server, who all know each other. */
export class Town implements AsyncDisposable {
  readonly devices: readonly NemesisDevice[];
  readonly conversations: readonly ConversationId[];
  readonly #url: string;

  private constructor(
    url: string,
    devices: readonly NemesisDevice[],
    conversations: readonly ConversationId[],
  ) {
    this.#url = url;
    this.devices = devices;
    this.conversations = conversations;
  }

  static async found(url: string, acknowledged: () => void): Promise<Town> {
    const sessions: NodeSession[] = [];
    for (const name of names)
      sessions.push(await signUp(url, { username: name, displayName: name, password }));
    for (const name of withTwoDevices) sessions.push(await signIn(url, { username: name, password }));
    const devices = sessions.map((session) => new NemesisDevice(url, session, acknowledged));
    const line = await openLine(nodeTransport(url, (sessions[0] as NodeSession).cookie, newDeviceId()));
    const conversations = await makeChats(line.api, devices);
    line.close();
    return new Town(url, devices, conversations);
  }

  /** The conversations that a device may write to. */
  chatsOf(device: NemesisDevice): readonly ConversationId[] {
    return this.conversations.filter((id) => id.startsWith('group:') || id.includes(device.user));
  }

  /** Resolves when every device has sent all it had, and holds all that there is. */
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
      }
    }
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

  /** Logs and members as the server gives them to a member who asks with a connection of their own. */
  async #truth(): Promise<{ logs: Map<ConversationId, readonly Entry[]>; spans: readonly MemberSpan[] }> {
    const logs = new Map<ConversationId, readonly Entry[]>();
    const spans: MemberSpan[] = [];
    for (const { session, user } of this.devices) {
      const mine = [
        ...this.conversations.filter((id) => id.startsWith('group:') || id.includes(user)),
        accountId(user),
      ];
      const line = await openLine(nodeTransport(this.#url, session.cookie, newDeviceId()));
      for (const id of mine.filter((one) => !logs.has(one))) {
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

/** The first device's user opens a chat with everybody, and a group of all. */
async function makeChats(api: Api, devices: readonly NemesisDevice[]): Promise<ConversationId[]> {
  const [first, ...others] = [...new Set(devices.map((device) => device.user))];
  const heads = [];
  for (const user of others) heads.push(await api.conversation.open.mutate({ userId: user }));
  heads.push(
    await api.group.create.mutate({
      clientId: clientId(`town-of-${first}`.slice(0, 64)),
      name: 'Town',
      members: others,
    }),
  );
  return heads.map((head) => head.conversationId);
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
