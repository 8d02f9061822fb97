import { type Clock, secureId } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import { deviceId, directId, seq, userId } from '@tidings/api/ids';
import { LocalStoreFull } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { FakeEngine } from '../testing/fake-engine';
import { aloneLeadership, lockLeadership } from './leadership';
import { openChannel, silentChannel } from './messages';
import { hiddenLeaderMs, silentMs, TabEngine } from './tab-engine';

const self = { userId: userId('anna-0000'), deviceId: deviceId('device-anna-00000') };
const chat = directId(self.userId, userId('ben-00000'));

describe('tabs', () => {
  test('one tab leads; the others see its state and call through it', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    first.fake.answers.set('user.search.query', async () => [{ displayName: 'Ben' }]);
    first.fake.answers.set('loadOlder', async () => true);
    first.fake.become({ connection: { type: 'syncing' } });

    await eventually(() => expect(second.state?.connection).toEqual({ type: 'syncing' }));
    expect(await second.engine.api.user.search.query({ query: 'be' })).toEqual([{ displayName: 'Ben' }]);
    expect(await second.engine.loadOlder(chat, seq(9), 50)).toBe(true);
    expect(first.fake.asked).toContainEqual(['loadOlder', chat, 9, 50]);
    expect(second.started).toBe(0);
  });

  test('a failure crosses with its code', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    first.fake.answers.set('group.leave.mutate', async () => {
      throw new TidingsError('not-a-member');
    });
    first.fake.answers.set('putItems', async () => {
      throw new LocalStoreFull();
    });
    await expect(second.engine.api.group.leave.mutate({ conversationId: chat })).rejects.toMatchObject({
      code: 'not-a-member',
    });
    await expect(second.engine.putItems([])).rejects.toBeInstanceOf(LocalStoreFull);
  });

  test('OUT1 a send of a tab that does not lead is in the shared outbox when it answers, and the leader is woken', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    const client = await second.engine.send(chat, { type: 'text', text: 'hi' });
    expect(await browser.store.outbox()).toMatchObject([
      { clientId: client, conversationId: chat, kind: 'message' },
    ]);
    await eventually(() => expect(first.fake.timesAsked('wake')).toBeGreaterThan(0));
    expect(first.fake.timesAsked('send')).toBe(0);
  });

  test('a full store: the send goes through the leader instead', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    browser.store.apply = async () => {
      throw new LocalStoreFull();
    };
    first.fake.answers.set('send', async () => 'client-1');
    expect(await second.engine.send(chat, { type: 'text', text: 'hi' })).toBe('client-1');
  });

  test('when the leader goes, the next one leads: reads are asked again, a begun mutation fails with unavailable', async () => {
    const browser = new Browser();
    const [first, second, third] = [
      await browser.openTab(),
      await browser.openTab(),
      await browser.openTab(),
    ];
    const never = () => new Promise<unknown>(() => {});
    first.fake.answers.set('user.me.query', never);
    first.fake.answers.set('group.create.mutate', never);
    const read = third.engine.api.user.me.query();
    const change = third.engine.api.group.create.mutate({ clientId: 'x' as never, name: 'g', members: [] });
    const failed = expect(change).rejects.toMatchObject({ code: 'unavailable' });
    await eventually(() => expect(first.fake.timesAsked('group.create.mutate')).toBe(1));

    second.fake.answers.set('user.me.query', async () => 'me');
    await first.engine.suspend();
    await failed;
    expect(await read).toBe('me');
    expect(first.fake.stopped).toBe(true);
    expect([second.engine.leads, third.engine.leads]).toEqual([true, false]);
  });

  test('a tab that comes to lead does what it was still asking for itself', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    first.fake.answers.set('refresh', () => new Promise(() => {}));
    const asked = second.engine.refresh(chat);
    await first.engine.stop();
    await asked;
    expect(second.fake.asked).toContainEqual(['refresh', chat]);
  });

  test('a leader that sleeps is robbed of it by a tab that somebody looks at', async () => {
    const browser = new Browser();
    const first = await browser.openTab();
    first.channel.close();
    const second = await browser.openTab({ heard: false });
    second.engine.act('open');
    await eventually(() => expect(browser.clock.waiting).toBe(1));
    await browser.clock.passes(silentMs);
    await eventually(() => expect(second.engine.leads).toBe(true));
    await eventually(() => expect(first.fake.stopped).toBe(true));
  });

  test('a leader that still loads its engine is no silent one: what it is asked meanwhile is done afterwards', async () => {
    const browser = new Browser();
    let loaded = () => {};
    const first = await browser.openTab({
      heard: false,
      loads: new Promise<void>((resolve) => {
        loaded = resolve;
      }),
    });
    const second = await browser.openTab({ heard: false });
    second.engine.act('open');
    const asked = second.engine.refresh(chat);
    await eventually(() => expect(browser.clock.waiting).toBe(1));
    loaded();
    await asked;
    expect(first.fake.asked).toContainEqual(['refresh', chat]);
    expect(second.started).toBe(0);
  });

  test('a leader that was hidden for long hands over to the tab that somebody looks at', async () => {
    const browser = new Browser();
    const first = await browser.openTab();
    await browser.openTab();
    const second = await browser.openTab();
    first.engine.act('open');
    first.engine.act('close');
    await browser.clock.passes(hiddenLeaderMs + 1);
    second.engine.act('open');
    await eventually(() => expect(second.engine.leads).toBe(true));
    expect(first.fake.stopped).toBe(true);
    expect(first.engine.leads).toBe(false);
    second.fake.become({ connection: { type: 'offline' } });
    await eventually(() => expect(first.state?.connection).toEqual({ type: 'offline' }));
  });

  test('what the tabs show is added up, what is looked at first', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    const other = directId(self.userId, userId('cleo-0000'));
    first.engine.watch([userId('ben-00000')], [chat]);
    second.engine.watch([], [other]);
    second.engine.act('open');
    await eventually(() => expect(first.fake.asked.at(-1)).toEqual(['act', 'open']));
    expect(first.fake.asked.filter(([name]) => name === 'watch').at(-1)).toEqual([
      'watch',
      ['ben-00000'],
      [other, chat],
    ]);
    await second.engine.stop();
    await eventually(() => expect(first.fake.asked.at(-1)).toEqual(['watch', ['ben-00000'], [chat]]));
  });

  test('PRES1 acts of all tabs are told as one user, at most every 30 s; closing is told when no tab is left', async () => {
    const browser = new Browser();
    const [first, second] = [await browser.openTab(), await browser.openTab()];
    const acts = () => first.fake.asked.filter(([name]) => name === 'act').map(([, act]) => act);
    first.engine.act('open');
    for (let i = 0; i < 5; i += 1) first.engine.act('act');
    expect(acts()).toEqual(['open']);
    first.engine.act('close');
    second.engine.act('open');
    await eventually(() => expect(browser.clock.waiting).toBe(1));
    await browser.clock.passes(31_000);
    expect(acts()).toEqual(['open']);
    first.engine.act('act');
    first.engine.act('close');
    expect(acts()).toEqual(['open', 'act']);
    second.engine.act('close');
    await eventually(() => expect(browser.clock.waiting).toBe(2));
    await browser.clock.passes(3_000);
    expect(acts()).toEqual(['open', 'act', 'close']);
  });

  test('without locks and channels each tab leads itself', async () => {
    const fake = new FakeEngine();
    const engine = new TabEngine({
      ...{ self, store: new MemoryStore(), startEngine: async () => fake.asEngine(self) },
      ...{ leadership: aloneLeadership, channel: silentChannel, clock: new ManualClock(), makeId: secureId },
    });
    await engine.refresh(chat);
    expect(fake.asked).toContainEqual(['refresh', chat]);
    await engine.stop();
  });
});

/** Real locks and channels take a moment, more on machines that do much else. */
const eventually = (check: () => void): Promise<void> => vi.waitFor(check, { timeout: 4_000, interval: 10 });

const browsers: Browser[] = [];
afterEach(async () => {
  for (const browser of browsers.splice(0)) await browser.close();
});

/** The tabs of one browser: Node's own locks and BroadcastChannel, one local store, time that a test drives. */
class Browser {
  readonly name = `test-${secureId()}`;
  readonly clock = new ManualClock();
  readonly store = new MemoryStore();
  readonly #tabs: TabEngine[] = [];

  constructor() {
    browsers.push(this);
  }

  async openTab({ heard = true, loads = Promise.resolve() } = {}) {
    const fake = new FakeEngine();
    const channel = openChannel(this.name);
    const tab = { fake, channel, started: 0, state: null as FakeEngine['state'] | null };
    const engine = new TabEngine({
      self,
      store: this.store,
      startEngine: async () => {
        tab.started += 1;
        await loads;
        return fake.asEngine(self);
      },
      leadership: lockLeadership(navigator.locks, this.name),
      ...{ channel, clock: this.clock, makeId: secureId },
    });
    this.#tabs.push(engine);
    engine.observe((state) => {
      tab.state = state;
    });
    if (heard) await eventually(() => expect(tab.state?.connection.type).not.toBe('connecting'));
    return Object.assign(tab, { engine });
  }

  async close(): Promise<void> {
    for (const tab of this.#tabs) await tab.stop();
  }
}

class ManualClock implements Clock {
  #now = 1_000_000;
  readonly #timers = new Map<object, { at: number; task: () => void }>();

  now = () => this.#now;

  get waiting(): number {
    return this.#timers.size;
  }

  after(ms: number, task: () => void): () => void {
    const key = {};
    this.#timers.set(key, { at: this.#now + ms, task });
    return () => this.#timers.delete(key);
  }

  soon(task: () => void): void {
    queueMicrotask(task);
  }

  async passes(ms: number): Promise<void> {
    this.#now += ms;
    for (const [key, timer] of [...this.#timers]) {
      if (timer.at > this.#now) continue;
      this.#timers.delete(key);
      timer.task();
    }
    await Promise.resolve();
  }
}
