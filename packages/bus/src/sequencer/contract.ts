import { secureId } from '@tidings/api/clock';
import { type ConversationId, groupId, seq } from '@tidings/api/ids';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Setting } from '../testing/setting.ts';
import type { Sequencer } from './port.ts';

export function describeSequencer(name: string, { open }: Pick<Setting<Sequencer>, 'open'>): void {
  describe(`sequencer in ${name}`, () => {
    let sequencer: Sequencer;
    beforeAll(async () => {
      sequencer = await open();
    });

    test('knows nothing of a conversation before it is seeded', async () => {
      const chat = someConversation();
      expect(await sequencer.next(chat, 1)).toBeNull();
      expect(await sequencer.next(chat, 5)).toBeNull();
      await sequencer.seed(chat, seq(0));
      expect(await sequencer.next(chat, 1)).toBe(1);
    });

    test('suggests runs of positions behind the seed, each once', async () => {
      const [chat, other] = [someConversation(), someConversation()];
      await sequencer.seed(chat, seq(41));
      await sequencer.seed(other, seq(7));
      expect(await sequencer.next(chat, 3)).toBe(42);
      expect(await sequencer.next(chat, 1)).toBe(45);
      expect(await sequencer.next(other, 1)).toBe(8);
      expect(await sequencer.next(chat, 1)).toBe(46);
    });

    test('LOG3 a seed never lowers, and a higher one counts', async () => {
      const chat = someConversation();
      await sequencer.seed(chat, seq(10));
      await sequencer.next(chat, 5);
      await sequencer.seed(chat, seq(3));
      expect(await sequencer.next(chat, 1)).toBe(16);
      await sequencer.seed(chat, seq(16));
      expect(await sequencer.next(chat, 1)).toBe(17);
      await sequencer.seed(chat, seq(2 ** 40));
      expect(await sequencer.next(chat, 1)).toBe(2 ** 40 + 1);
    });

    test('LOG3 however concurrently it is asked and seeded, no position is suggested twice', async () => {
      const anyStep = fc.oneof(
        fc.record({ type: fc.constant('next' as const), n: fc.integer({ min: 1, max: 9 }) }),
        fc.record({ type: fc.constant('seed' as const), n: fc.nat(60) }),
      );
      const property = fc.asyncProperty(fc.array(anyStep, { maxLength: 40 }), async (steps) => {
        const chat = someConversation();
        await sequencer.seed(chat, seq(0));
        const suggested = await Promise.all(
          steps.map(async ({ type, n }) => {
            if (type === 'seed') return sequencer.seed(chat, seq(n)).then(() => []);
            const first = await sequencer.next(chat, n);
            return Array.from({ length: n }, (_, at) => (first ?? Number.NaN) + at);
          }),
        );
        const positions = suggested.flat();
        expect(new Set(positions).size).toBe(positions.length);
        expect(positions.every((position) => position > 0)).toBe(true);
      });
      await fc.assert(property, { numRuns: 30 });
    });
  });
}

const someConversation = (): ConversationId => groupId(secureId());
