import { secureId } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import { ServerProcess } from '../../tests/support/server-process.ts';
import { BareWs } from '../bare-ws.ts';
import { Latencies } from '../latencies.ts';
import { type LightLine, openAll } from '../light-line.ts';
import type { WorkloadResult } from '../results.ts';
import { Town } from '../town.ts';

const members = 256;

/** One group, all members online: deliveries per CPU-second of the server, sent one by one and several under way. */
export async function group(): Promise<WorkloadResult> {
  await using town = await Town.found();
  const people = await town.people(members);
  const conversationId = await town.group('Everybody', people);
  await town.close();
  await using server = await ServerProcess.start(town.dataDir);
  const lines = await openAll(server.url, people);
  const fan = new Fan(lines, conversationId);
  await fan.run(server, 200, 8);
  const alone = await fan.run(server, 400, 1);
  const several = await fan.run(server, 1_500, 16);
  for (const line of lines) line.close();
  await using bare = await BareWs.start();
  const ceiling = await bare.fanOut(members, 500);
  return {
    workload: 'group',
    figures: [
      {
        name: `deliveries per server CPU-second, ${members} online, 16 messages under way`,
        unit: 'deliveries/CPU-s',
        value: several.perCpuSecond,
        goal: { atLeast: 60_000 },
        bareWs: ceiling,
      },
      { name: 'the same, one message at a time', unit: 'deliveries/CPU-s', value: alone.perCpuSecond },
      { name: 'one at a time: p50 send → at the last member', unit: 'ms', value: alone.p50Ms },
      { name: 'one at a time: p99', unit: 'ms', value: alone.p99Ms },
      {
        name: 'lost or doubled deliveries',
        unit: 'deliveries',
        value: alone.wrong + several.wrong,
        goal: { atMost: 0 },
      },
    ],
    notes: ['stored durably before it is delivered; bare ws stores nothing'],
  };
}

type FanRun = {
  readonly perCpuSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly wrong: number;
};

class Fan {
  readonly #lines: readonly LightLine[];
  readonly #conversationId: string;

  constructor(lines: readonly LightLine[], conversationId: string) {
    this.#lines = lines;
    this.#conversationId = conversationId;
  }

  /** Sends `messages`, at most `underWay` of them not yet at every member. */
  async run(server: ServerProcess, messages: number, underWay: number): Promise<FanRun> {
    // Everybody sends in turn: a socket of its own may make 200 calls a second, not more.
    const others = this.#lines;
    const start = others.map((line) => line.entries);
    const arrived = new Uint32Array(messages);
    const sentAt = new Float64Array(messages);
    const latencies = new Latencies();
    let complete = 0;
    let wake = (): void => {};
    others.forEach((line, at) => {
      let seen = 0;
      line.onEntries = (entries) => {
        for (const until = entries - (start[at] as number); seen < until; seen += 1) {
          arrived[seen] = (arrived[seen] ?? 0) + 1;
          if (arrived[seen] !== others.length) continue;
          latencies.add(performance.now() - (sentAt[seen] as number));
          complete += 1;
          wake();
        }
      };
    });
    const before = server.usage().cpuSeconds;
    for (let index = 0; index < messages; index += 1) {
      while (index - complete >= underWay)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      sentAt[index] = performance.now();
      const sender = others[index % others.length] as LightLine;
      void sender.call('mutation', 'message.send', { messages: [this.#message(index)] });
    }
    const deadline = performance.now() + 20_000;
    while (complete < messages && performance.now() < deadline)
      await new Promise((resolve) => setTimeout(resolve, 5));
    const cpuSeconds = server.usage().cpuSeconds - before;
    const { p50Ms, p99Ms } = latencies.percentiles;
    const wrong = others.reduce(
      (sum, line, at) => sum + Math.abs(line.entries - (start[at] as number) - messages),
      0,
    );
    return { perCpuSecond: (messages * others.length) / cpuSeconds, p50Ms, p99Ms, wrong };
  }

  #message(index: number): object {
    const text = `Message ${index}: ${'the quick brown fox jumps over the lazy dog '.repeat(3)}`;
    return {
      conversationId: this.#conversationId,
      clientId: secureId(),
      kind: 'message',
      content: encodeContent({ type: 'text', text }),
    };
  }
}
