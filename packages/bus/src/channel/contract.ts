import type { HandlerId } from '@tidings/api/ids';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { type Setting, someHandler, until } from '../testing/setting.ts';
import type { Channel } from './port.ts';

const maxQueued = 10_000;

export function describeChannel(name: string, setting: Setting<Channel<unknown>>): void {
  describe(`channel in ${name}`, () => {
    let channel: Channel<unknown>;
    beforeAll(async () => {
      channel = await setting.open();
    });

    /** The batches that arrive at a handler from now on. */
    async function listen(handler: HandlerId) {
      const batches: (readonly unknown[])[] = [];
      const end = await channel.listen(handler, (envelopes) => batches.push(envelopes));
      onTestFinished(end);
      return { batches, end, received: () => batches.flat() };
    }

    test('what is sent within a tick arrives together, as it was and in order', async () => {
      const handler = someHandler();
      const { batches, received } = await listen(handler);
      const sent = [
        { type: 'push', users: ['ä😀'], events: ['{"a":1}'] },
        'text',
        7,
        null,
        [],
        { nested: [true] },
      ];
      for (const envelope of sent) channel.send(handler, envelope);
      expect(received()).toEqual([]);
      await until(setting, () => batches.length > 0);
      expect(batches).toEqual([sent]);
    });

    test('a handler gets what is for it, and in the order of sending over many ticks', async () => {
      const [one, two] = [someHandler(), someHandler()];
      const [first, second] = [await listen(one), await listen(two)];
      for (let n = 0; n < 50; n += 1) {
        channel.send(n % 2 ? two : one, n);
        if (n % 7 === 0) await setting.pass(1);
      }
      await until(setting, () => first.received().length + second.received().length === 50);
      const all = Array.from({ length: 50 }, (_, n) => n);
      expect(first.received()).toEqual(all.filter((n) => n % 2 === 0));
      expect(second.received()).toEqual(all.filter((n) => n % 2 === 1));
    });

    test('a listener may send, also to itself', async () => {
      const handler = someHandler();
      const received: unknown[] = [];
      const end = await channel.listen(handler, (envelopes) => {
        received.push(...envelopes);
        if (received.length < 5) channel.send(handler, received.length);
      });
      onTestFinished(end);
      channel.send(handler, 0);
      await until(setting, () => received.length === 5);
      expect(received).toEqual([0, 1, 2, 3, 4]);
    });

    test('who doesn’t listen, or no more, gets nothing, and nobody minds', async () => {
      const [ended, other] = [someHandler(), someHandler()];
      const [leaving, staying] = [await listen(ended), await listen(other)];
      await leaving.end();
      channel.send(ended, 'too late');
      channel.send(someHandler(), 'to nobody');
      channel.send(other, 'last');
      await until(setting, () => staying.received().length === 1);
      expect(leaving.received()).toEqual([]);
      await leaving.end();
    });

    test('a queue that is full drops the oldest, and counts them', async () => {
      const handler = someHandler();
      const { received } = await listen(handler);
      const before = channel.dropped();
      for (let n = 0; n < maxQueued + 50; n += 1) channel.send(handler, n);
      await until(setting, () => received().length >= maxQueued);
      expect(channel.dropped() - before).toBe(50);
      expect(received()).toEqual(Array.from({ length: maxQueued }, (_, n) => n + 50));
    });
  });
}
