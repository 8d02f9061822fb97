import type { Member } from '../member.ts';
import {
  devicesElsewhere,
  type Fault,
  pickGroupHandler,
  pickHandler,
  type Scene,
  type Trouble,
} from './fault.ts';

/** Longer than a handler's lease, and than Kafka waits for a consumer. */
const beyondLeaseMs = 13_000;

export const killHandler: Fault = {
  name: 'SIGKILL of a handler',
  async begin(scene) {
    const handler = pickHandler(scene);
    return { ...(await kill(handler)), bystanders: devicesElsewhere(scene, handler), theyHear: true };
  },
};

export const freezeHandler: Fault = {
  name: 'SIGSTOP of a handler beyond its lease',
  leastMs: beyondLeaseMs,
  async begin(scene) {
    const handler = pickHandler(scene);
    return { ...freeze(handler), bystanders: devicesElsewhere(scene, handler), theyHear: true };
  },
};

export const killGroupHandler: Fault = {
  name: 'SIGKILL of a group message handler',
  async begin(scene) {
    return { ...(await kill(pickGroupHandler(scene))), bystanders: scene.town.devices, theyHear: true };
  },
};

export const freezeGroupHandler: Fault = {
  name: 'SIGSTOP of a group message handler beyond its session',
  leastMs: beyondLeaseMs,
  async begin(scene) {
    return { ...freeze(pickGroupHandler(scene)), bystanders: scene.town.devices, theyHear: true };
  },
};

/** One comes, then another drains and goes: a deployment under load. */
export const replaceHandler: Fault = {
  name: 'a handler joins, another leaves',
  comesFirst: true,
  async begin(scene) {
    const leaving = pickHandler(scene);
    const joined = await scene.stage.add('handler');
    const bystanders = devicesElsewhere(scene, leaving);
    return { ...leave(scene, leaving, joined), bystanders, theyHear: true };
  },
};

export const replaceGroupHandler: Fault = {
  name: 'a group message handler joins, another leaves',
  comesFirst: true,
  async begin(scene) {
    const leaving = pickGroupHandler(scene);
    const joined = await scene.stage.add('group-handler');
    return { ...leave(scene, leaving, joined), bystanders: scene.town.devices, theyHear: true };
  },
};

function leave({ stage }: Scene, leaving: Member, joined: Member): Pick<Trouble, 'what' | 'end'> {
  leaving.isHit = true;
  leaving.process.signal('SIGTERM');
  return {
    what: `${joined.name} joins, ${leaving.name} leaves`,
    async end() {
      const code = await leaving.process.over();
      stage.dismiss(leaving);
      if (code !== 0) throw new Error(`${leaving.name} left with exit code ${code}`);
    },
  };
}

async function kill(member: Member): Promise<Pick<Trouble, 'what' | 'starts' | 'end'>> {
  member.isHit = true;
  await member.process.kill('SIGKILL');
  return { what: `${member.name} is killed`, starts: true, end: () => member.succeed() };
}

function freeze(member: Member): Pick<Trouble, 'what' | 'end'> {
  member.isHit = true;
  member.process.signal('SIGSTOP');
  return {
    what: `${member.name} stands still`,
    async end() {
      member.process.signal('SIGCONT');
      member.isHit = false;
    },
  };
}
