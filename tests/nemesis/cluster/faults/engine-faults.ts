import { setTimeout as pause } from 'node:timers/promises';
import { TidingsError } from '@tidings/api/errors';
import type { EngineProcess, NemesisEngines } from '../own-engines.ts';
import type { Fault, Scene, Trouble } from './fault.ts';

export const flushRedis: Fault = {
  name: 'FLUSHALL of the coordinating Redis',
  comesFirst: true,
  async begin({ stage, town }) {
    await stage.engines.tellRedis('FLUSHALL');
    return {
      what: 'Redis forgets everything',
      bystanders: town.devices,
      theyHear: true,
      end: async () => {},
    };
  },
};

/**
 * Everybody can be found, and nobody is heard: not even redelivery is, and what one device of somebody has acknowledged it leaves
 * alone. The devices have to look by themselves when the channel is there again.
 */
export const cutChannel: Fault = {
  name: 'the channel between handlers cut, and nothing else',
  async begin({ stage, town }) {
    const cutting = new AbortController();
    const cut = keepCutting(stage.engines, cutting.signal);
    return {
      what: 'whoever listens at Redis is cut off again and again',
      bystanders: town.devices,
      theyHear: false,
      async end() {
        cutting.abort();
        await cut;
      },
    };
  },
};

async function keepCutting(engines: NemesisEngines, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    // Redis itself may be away at the same time: then nobody listens anyway.
    await engines.tellRedis('CLIENT KILL TYPE pubsub').catch(() => {});
    await pause(20);
  }
}

/** Without the registry messages are accepted, and come later. */
export const killRedis = killing('redis-coordination', { name: 'the coordinating Redis', theyHear: false });
export const killRedisCache = killing('redis-cache', { name: 'the caching Redis', theyHear: true });
export const killKafka = killing('kafka', { name: 'Kafka', theyHear: true });
export const killReplica = killing('mariadb-replica', { name: 'the MySQL replica', theyHear: true });

/** Nothing can be accepted: everybody is told so, in words that mean "later". */
export const killCassandra: Fault = {
  name: 'SIGKILL and restart of the only Cassandra',
  cassandraNodes: 1,
  async begin(scene) {
    const { town } = scene;
    const before = new Map(town.devices.map((device) => [device, unavailableAt(device)]));
    return {
      ...(await kill(scene, 'cassandra-1')),
      bystanders: [],
      theyHear: false,
      until: {
        rule: 'WIRE2',
        what: 'each device is told that the service is unavailable',
        async holds() {
          for (const device of town.devices)
            await device.until(async () => unavailableAt(device) > (before.get(device) ?? 0));
        },
      },
    };
  },
};

export const killOneCassandra: Fault = {
  name: 'SIGKILL and restart of one Cassandra of three',
  cassandraNodes: 3,
  async begin(scene) {
    return {
      ...(await kill(scene, 'cassandra-2')),
      bystanders: scene.town.devices,
      theyHear: true,
      unnoticed: true,
    };
  },
};

/** Who is in is known; who is to be in can't be changed. */
export const killMysql: Fault = {
  name: 'SIGKILL and restart of the MySQL primary',
  async begin(scene) {
    return {
      ...(await kill(scene, 'mariadb-primary')),
      bystanders: scene.town.devices,
      theyHear: true,
      until: {
        rule: 'WIRE2',
        what: 'the change of a group is answered with “unavailable”',
        holds: async () => (await answerToChange(scene)) === 'unavailable',
      },
    };
  },
};

/** People go on without it. */
function killing(
  engine: EngineProcess,
  { name, theyHear }: Pick<Trouble, 'theyHear'> & { readonly name: string },
): Fault {
  return {
    name: `SIGKILL and restart of ${name}`,
    begin: async (scene) => ({
      ...(await kill(scene, engine)),
      bystanders: scene.town.devices,
      theyHear,
    }),
  };
}

async function kill({ stage }: Scene, engine: EngineProcess): Promise<Pick<Trouble, 'what' | 'end'>> {
  await stage.engines.kill(engine);
  return { what: `${engine} is killed`, end: () => stage.engines.startAgain(engine) };
}

/** How the owner of a group is answered who renames it: a code, `done`, or whatever else it was. */
async function answerToChange({ town, random }: Scene): Promise<string> {
  const groups = [...town.conversations].filter(([id]) => id.startsWith('group:'));
  const [conversationId, [owner]] = random.pick(groups);
  const device = town.devices.find(({ user }) => user === owner);
  return (
    device?.engine.api.group.update.mutate({ conversationId, name: `Town ${random.between(1, 99)}` }).then(
      () => 'done',
      (error: unknown) => (error instanceof TidingsError ? error.code : String(error)),
    ) ?? 'there is nobody'
  );
}

const unavailableAt = ({ failures }: { failures: ReadonlyMap<string, number> }): number =>
  failures.get('unavailable') ?? 0;
