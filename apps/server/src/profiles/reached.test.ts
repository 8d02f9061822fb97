import { TidingsError } from '@tidings/api/errors';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { describe, expect, test } from 'vitest';
import { StartupError } from '../startup-error.ts';
import { reached } from './reached.ts';

const clock = new ManualClock();
const engine = { name: 'MySQL', addresses: ['mysql://ann:secret@10.0.0.1:3306/tidings'], clock };
const away = () => Promise.reject(new TidingsError('unavailable', 'away', { cause: new Error('no answer') }));

describe('an engine at the start', () => {
  test('is asked again until it answers', async () => {
    const answers = [away, away, () => Promise.resolve('opened')];
    const opening = reached(engine, () => (answers.shift() ?? away)());
    await clock.pass(1_000);
    expect(await opening).toBe('opened');
  });

  test('is named when it doesn’t answer in 15 s, without its password', async () => {
    const opening = reached(engine, away);
    const failed = expect(opening).rejects.toThrow(
      new StartupError("MySQL at 10.0.0.1:3306 can't be used: no answer."),
    );
    await clock.pass(15_000);
    await failed;
  });

  test('is named at once when it refuses', async () => {
    const opening = reached(engine, () => Promise.reject(new Error('the database lacks a migration')));
    await expect(opening).rejects.toThrow(
      "MySQL at 10.0.0.1:3306 can't be used: the database lacks a migration.",
    );
  });
});
