import { secureId } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import { Latencies } from './latencies.ts';
import type { LightLine } from './light-line.ts';

export type FanRun = {
  readonly deliveries: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly wrong: number;
};

/** One group whose members are all online: every message goes to every line. */
export class Fan {
  readonly #lines: readonly LightLine[];
  readonly #conversationId: string;

  constructor(lines: readonly LightLine[], conversationId: string) {
    this.#lines = lines;
    this.#conversationId = conversationId;
  }

  /** Sends `messages`, at most `underWay` of them not yet at every member. Latency is until the last member has it. */
  async run(messages: number, underWay: number, latencies = new Latencies()): Promise<FanRun> {
    // Everybody sends in turn: a socket of its own may make 200 calls a second, not more.
    const others = this.#lines;
    const start = others.map((line) => line.entries);
    const arrived = new Uint32Array(messages);
    const sentAt = new Float64Array(messages);
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
    const { p50Ms, p99Ms } = latencies.percentiles;
    const wrong = others.reduce(
      (sum, line, at) => sum + Math.abs(line.entries - (start[at] as number) - messages),
      0,
    );
    return { deliveries: messages * others.length, p50Ms, p99Ms, wrong };
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
