import { TidingsError } from '@tidings/api/errors';
import type { EventBatch } from '@tidings/api/events';
import { describe, expect, test } from 'vitest';
import { apiOver } from './api-over.ts';
import { Connection, type LineState } from './connection.ts';
import { VirtualClock } from './testing/virtual-clock.ts';
import type { StreamListener, Transport } from './transport.ts';

/** A server that the test opens, refuses and closes by hand. */
class Switchboard implements Transport {
  readonly clock = new VirtualClock();
  readonly states: LineState[] = [];
  readonly heard: EventBatch[] = [];
  readonly attempts: number[] = [];
  listener: StreamListener | null = null;
  lost = 0;
  checks = 0;
  closes = 0;
  online = true;
  answer: 'open' | TidingsError = 'open';
  readonly connection = new Connection({
    transport: this,
    clock: this.clock,
    random: () => 1,
    isOnline: () => this.online,
    listener: {
      opened: () => {},
      batch: (events) => void this.heard.push(events),
      lost: () => {
        this.lost += 1;
      },
      changed: (state) => void this.states.push(state),
    },
  });

  async connect(listener: StreamListener) {
    this.attempts.push(this.clock.now());
    this.listener = listener;
    if (this.answer !== 'open') throw this.answer;
    listener.batch([{ type: 'typing', conversationId: 'first' as never, userId: 'x' as never, forMs: 0 }]);
    const close = () => {
      this.closes += 1;
    };
    const check = () => {
      this.checks += 1;
    };
    return { api: apiOver(async () => null), check, close };
  }

  get type() {
    return this.connection.state.type;
  }

  /** The pauses between attempts. */
  get waits(): number[] {
    return this.attempts.slice(1).map((at, index) => at - (this.attempts[index] ?? 0));
  }
}

async function opened(): Promise<Switchboard> {
  const board = new Switchboard();
  board.connection.start();
  await board.clock.advance(0);
  return board;
}

describe('connection', () => {
  test('what the stream says before the line is taken over is heard after it', async () => {
    const board = await opened();
    expect(board.type).toBe('open');
    expect(board.heard).toHaveLength(1);
  });

  test('failures wait longer and longer, up to 5 s, at random; a line that held begins anew', async () => {
    const board = new Switchboard();
    board.answer = new TidingsError('unavailable');
    board.connection.start();
    await board.clock.advance(60_000);
    expect(board.waits.slice(0, 8)).toEqual([300, 600, 1_200, 2_400, 4_800, 5_000, 5_000, 5_000]);
    board.answer = 'open';
    await board.clock.advance(30_000);
    expect(board.type).toBe('open');
    const count = board.attempts.length;
    const at = board.clock.now();
    board.listener?.closed(null);
    await board.clock.advance(400);
    expect((board.attempts[count] ?? 0) - at).toBe(300);
  });

  test('a line that never holds doesn’t reset the wait', async () => {
    const board = await opened();
    for (let n = 0; n < 5; n += 1) {
      board.listener?.closed(null);
      await board.clock.until(() => board.type === 'open');
    }
    expect(board.waits).toEqual([300, 600, 1_200, 2_400, 4_800]);
  });

  test('waking tries at once when waiting, and asks an open line for a sign of life', async () => {
    const board = await opened();
    board.connection.wake();
    expect(board.checks).toBe(1);
    board.answer = new TidingsError('unavailable');
    board.listener?.closed(null);
    await board.clock.advance(5_000);
    const count = board.attempts.length;
    board.answer = 'open';
    board.connection.wake();
    await board.clock.advance(0);
    expect([board.attempts.length, board.type]).toEqual([count + 1, 'open']);
  });

  test('WIRE3 SESS1 what is final ends it: no further attempt, whether said at connecting, by bye or by the close code', async () => {
    for (const say of [
      (board: Switchboard) => board.listener?.closed('session-ended'),
      (board: Switchboard) => board.listener?.batch([{ type: 'bye', reason: 'outdated-client' }]),
      (board: Switchboard) => {
        board.answer = new TidingsError('not-signed-in');
        board.listener?.closed(null);
      },
    ]) {
      const board = await opened();
      say(board);
      await board.clock.advance(60_000);
      const count = board.attempts.length;
      expect(board.type).toBe('ended');
      board.connection.wake();
      await board.clock.advance(60_000);
      expect([board.attempts.length, board.lost]).toEqual([count, 1]);
    }
  });

  test('draining and resume connect again soon; too many requests waits long', async () => {
    const board = await opened();
    board.listener?.batch([{ type: 'bye', reason: 'draining' }]);
    expect([board.lost, board.closes]).toEqual([1, 1]);
    await board.clock.advance(300);
    expect(board.type).toBe('open');
    await board.clock.advance(20_000);
    board.listener?.closed('too-many-requests');
    await board.clock.advance(4_500);
    expect(board.type).toBe('connecting');
    await board.clock.advance(600);
    expect(board.type).toBe('open');
  });

  test('what an old line still says counts for nothing', async () => {
    const board = await opened();
    const old = board.listener;
    old?.closed(null);
    await board.clock.advance(400);
    old?.batch([{ type: 'bye', reason: 'session-ended' }]);
    old?.closed('session-ended');
    expect([board.type, board.lost, board.heard.length]).toEqual(['open', 1, 2]);
  });

  test('a server’s retryAfterMs is waited for', async () => {
    const board = new Switchboard();
    board.answer = new TidingsError('unavailable', undefined, { retryAfterMs: 7_000 });
    board.connection.start();
    await board.clock.advance(7_200);
    expect(board.attempts).toHaveLength(1);
    await board.clock.advance(200);
    expect(board.attempts).toHaveLength(2);
  });

  test('without a network the state says so, and a server nearby is found all the same', async () => {
    const board = await opened();
    board.online = false;
    board.answer = new TidingsError('unavailable');
    board.listener?.closed(null);
    expect(board.type).toBe('offline');
    await board.clock.advance(5_000);
    expect(board.type).toBe('offline');
    board.answer = 'open';
    await board.clock.advance(15_000);
    expect(board.type).toBe('open');
  });

  test('who asks while a line is being opened gets it, and nobody waits for the next attempt', async () => {
    const board = new Switchboard();
    board.connection.start();
    const line = board.connection.currentLine();
    await board.clock.advance(0);
    expect(await line).not.toBeNull();
    board.answer = new TidingsError('unavailable');
    board.listener?.closed(null);
    expect(await board.connection.currentLine()).toBeNull();
    board.connection.stop();
    await board.clock.advance(60_000);
    expect(board.attempts).toHaveLength(1);
  });
});
