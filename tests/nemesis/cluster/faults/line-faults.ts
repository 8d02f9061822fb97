import type { ConversationId } from '@tidings/api/ids';
import type { NemesisDevice } from '../../device.ts';
import type { Door } from '../door.ts';
import { type Lined, lined, type Member } from '../member.ts';
import {
  devicesElsewhere,
  type Fault,
  pickGroupHandler,
  pickHandler,
  type Scene,
  type Trouble,
} from './fault.ts';

export const cutDevices: Fault = {
  name: 'sockets cut between some devices and the handlers',
  async begin(scene) {
    const cut = scene.town.devices.filter(() => scene.random.chance(0.4));
    const lines = cut.map((device) => doorOf(scene, device).line);
    for (const line of lines) line.cut();
    return {
      what: `${cut.length} devices are cut off`,
      bystanders: others(scene, cut),
      theyHear: true,
      async end() {
        for (const line of lines) line.heal();
      },
    };
  },
};

/** It says nothing any more, and nothing comes through: its handler must neither wait for it nor believe in it for ever. */
export const silentDevice: Fault = {
  name: 'a network between a device and its handler that swallows',
  async begin(scene) {
    const silent = scene.random.pick(scene.town.devices);
    const { line } = doorOf(scene, silent);
    line.hold();
    return {
      what: 'one device neither says nor hears anything',
      bystanders: others(scene, [silent]),
      theyHear: true,
      end: async () => line.heal(),
    };
  },
};

/** More comes for it than its handler keeps: it is told to come again, and reads what it missed (SYNC9). */
export const slowDevice: Fault = {
  name: 'a slow consumer: a device that reads nothing while much comes for it',
  async begin(scene) {
    const { town, random } = scene;
    const [conversation, [one, other]] = random.pick(
      [...town.conversations].filter(([id]) => id.startsWith('direct:')),
    );
    const slow = town.devices.find(({ user }) => user === one) as NemesisDevice;
    const partner = town.devices.find(({ user }) => user === other) as NemesisDevice;
    const { line, handler } = doorOf(scene, slow);
    const closedBefore = await closedAsSlow(handler);
    line.hold();
    const isClosed = async () => (await closedAsSlow(handler)) > closedBefore;
    const mended = new AbortController();
    // What else is broken may keep it from the device, or stop its handler.
    const overflown = flood({ from: partner, conversation, until: isClosed, signal: mended.signal }).catch(
      () => false,
    );
    return {
      what: 'one device reads nothing, and much comes for it',
      bystanders: others(scene, [slow, partner]),
      theyHear: true,
      until: {
        rule: 'SYNC9',
        what: 'its handler closes the connection that is too slow',
        alone: true,
        holds: () => overflown,
      },
      async end() {
        mended.abort();
        line.heal();
      },
    };
  },
};

/** Lines to each engine from one process: that of a handler, or of a group message handler. */
export const cutsFromEngines: readonly Fault[] = [
  ...lined.map((engine) => ({
    name: `sockets cut between a handler and ${engine}`,
    ...(engine === 'cassandra' ? { cassandraNodes: 1 as const } : {}),
    begin: (scene: Scene) => breakLine(pickHandler(scene), engine, 'cut', scene),
  })),
  {
    name: 'sockets cut between a group message handler and an engine',
    begin: (scene) => breakLine(pickGroupHandler(scene), null, 'cut', scene),
  },
];

export const swallowingNetwork: Fault = {
  name: 'a network between a process and an engine that swallows',
  begin(scene) {
    const pick = scene.random.pick([pickHandler, pickGroupHandler]);
    return breakLine(pick(scene), null, 'hold', scene);
  },
};

/** `engine`: null is any. */
async function breakLine(
  member: Member,
  engine: Lined | null,
  how: 'cut' | 'hold',
  scene: Scene,
): Promise<Trouble> {
  const name = engine ?? scene.random.pick(Object.keys(member.lines) as Lined[]);
  member.lines[name]?.[how]();
  return {
    what: `${member.name} ${how === 'cut' ? 'is cut off from' : 'hears nothing of'} ${name}`,
    bystanders: devicesElsewhere(scene, member),
    theyHear: true,
    end: async () => member.lines[name]?.heal(),
  };
}

/** 32 MB: more than the buffers of the systems in between take, and than a handler keeps. */
const mostSent = 400;

type Flood = {
  readonly from: NemesisDevice;
  readonly conversation: ConversationId;
  readonly until: () => Promise<boolean>;
  readonly signal: AbortSignal;
};

/** One large message after the other, until it is enough. */
async function flood({ from, conversation, until, signal }: Flood): Promise<boolean> {
  const text = 'x'.repeat(80_000);
  for (let sent = 0; sent < mostSent; sent += 8) {
    if (await until()) return true;
    for (let at = 0; at < 8 && !signal.aborted; at += 1)
      await from.engine.send(conversation, { type: 'text', text });
    await from.until(async (store) => (await store.outbox()).length < 8);
  }
  return until();
}

const closedAsSlow = async (handler: Member | null): Promise<number> =>
  (await handler?.process.metric('tidings_sockets_closed_total', 'reason="resume"')) ?? 0;

const doorOf = ({ stage }: Scene, { device }: NemesisDevice): Door => stage.doors.get(device) as Door;

const others = ({ town }: Scene, hit: readonly NemesisDevice[]): readonly NemesisDevice[] =>
  town.devices.filter((device) => !hit.includes(device));
