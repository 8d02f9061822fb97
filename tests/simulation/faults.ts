import { type Clock, wait } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { Channel } from '@tidings/bus/channel/port';
import type { Log } from '@tidings/bus/log/port';
import type { Sequencer } from '@tidings/bus/sequencer/port';
import type { SeededRandom } from './random.ts';

/** How often what goes wrong. Probabilities per call; 0 everywhere once the world is healed. */
export type FaultRates = {
  /** The call fails and did nothing. */
  readonly failBefore: number;
  /** The call did its work, and fails. */
  readonly failAfter: number;
  /** The call takes 1–4 s: longer than the grace of a hole. */
  readonly slow: number;
  /** An envelope or a log record is lost. */
  readonly lose: number;
  /** A log record comes twice. */
  readonly repeat: number;
  /** What remembers only for speed forgets. */
  readonly forget: number;
};

export const noFaults: FaultRates = { failBefore: 0, failAfter: 0, slow: 0, lose: 0, repeat: 0, forget: 0 };

/** The rates in force, shared by all wrappers of one world. */
export class Weather {
  rates: FaultRates = noFaults;
  readonly random: SeededRandom;
  readonly clock: Clock;

  constructor(random: SeededRandom, clock: Clock) {
    this.random = random;
    this.clock = clock;
  }

  strikes(kind: keyof FaultRates): boolean {
    return this.rates[kind] > 0 && this.random.chance(this.rates[kind]);
  }

  /** Every call takes 0–3 ms, some much longer: so concurrent calls overtake each other. */
  async delay(): Promise<void> {
    const ms = this.strikes('slow') ? this.random.between(1_000, 4_000) : this.random.between(0, 3);
    if (ms > 0) await wait(this.clock, ms);
  }
}

/** The port, with delays and failures around each call of a method that answers a promise, as a store across a network has them. */
export function faulty<T extends object>(port: T, weather: Weather): T {
  return new Proxy(port, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== 'function') return member;
      return (...parameters: unknown[]) =>
        call(member as (...all: unknown[]) => unknown, target, parameters, weather);
    },
  });
}

async function call(
  method: (...all: unknown[]) => unknown,
  target: object,
  parameters: unknown[],
  weather: Weather,
): Promise<unknown> {
  await weather.delay();
  if (weather.strikes('failBefore')) throw new TidingsError('unavailable', 'simulated, nothing done');
  const answer = await method.apply(target, parameters);
  if (weather.strikes('failAfter')) throw new TidingsError('unavailable', 'simulated, but done');
  return answer;
}

/** Loses envelopes; keeps the order of those that arrive. */
export function lossyChannel<T>(channel: Channel<T>, weather: Weather): Channel<T> {
  return {
    send: (to, envelope) => {
      if (!weather.strikes('lose')) channel.send(to, envelope);
    },
    listen: (handler, take) => channel.listen(handler, take),
    dropped: () => channel.dropped(),
  };
}

/** Forgets a conversation, or remembers an old head, as a restored or failed-over Redis does. */
export function forgetfulSequencer(sequencer: () => Sequencer, weather: Weather): Sequencer {
  let memory = sequencer();
  return {
    next: async (conversation: ConversationId, count: number): Promise<Seq | null> => {
      if (weather.strikes('forget')) memory = sequencer();
      return memory.next(conversation, count);
    },
    seed: async (conversation: ConversationId, head: Seq) => {
      const old = weather.strikes('forget') ? Math.max(0, head - weather.random.between(1, 40)) : head;
      await memory.seed(conversation, old as Seq);
    },
  };
}

/** Loses records that it took, and hands some over twice. */
export function lossyLog<T>(log: Log<T>, weather: Weather): Log<T> {
  return {
    produce: async (topic, records) => {
      const kept = records.filter(() => !weather.strikes('lose'));
      const twice = kept.filter(() => weather.strikes('repeat'));
      await log.produce(topic, [...kept, ...twice]);
    },
    consume: (topic, group, handle) => log.consume(topic, group, handle),
  };
}
