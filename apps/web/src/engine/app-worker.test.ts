import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { takeOverMessage, workerUrl } from '../service-worker/shared';
import { AppWorker } from './app-worker';

describe('the update of the app', () => {
  const reload = vi.fn();
  beforeEach(() => {
    vi.stubGlobal('location', { reload });
    vi.stubGlobal('document', Object.assign(new EventTarget(), { visibilityState: 'visible' }));
    const window = new EventTarget();
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window));
    vi.stubGlobal('dispatchEvent', window.dispatchEvent.bind(window));
    vi.useFakeTimers();
  });
  afterEach(() => {
    reload.mockClear();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  test('the first worker is no update: nothing is offered, nothing reloads', async () => {
    const { container, worker } = await setUp({ controlled: false });
    container.install();
    container.takeOver();
    expect(worker.get()).toBe(false);
    expect(reload).not.toHaveBeenCalled();
  });

  test('a new version waits for the user, then takes over and this page reloads', async () => {
    const { container, worker, changed } = await setUp({ controlled: true });
    container.install();
    expect(worker.get()).toBe(true);
    expect(changed).toHaveBeenCalledTimes(1);
    expect(reload).not.toHaveBeenCalled();
    worker.apply();
    expect(container.waiting?.messages).toEqual([takeOverMessage]);
    container.takeOver();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test('a worker that has taken over without a word to the page is enough to reload', async () => {
    const { container, worker } = await setUp({ controlled: true, waiting: true });
    worker.apply();
    container.waiting?.end('activated');
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test('nobody looks before the page has loaded', async () => {
    const container = new FakeContainer();
    const register = vi.spyOn(container, 'register');
    const worker = new AppWorker(container as never);
    await vi.advanceTimersByTimeAsync(3_600_000);
    worker.serverIsBack();
    worker.look();
    expect(register).not.toHaveBeenCalled();
  });

  test('a version that waited since the last visit is offered', async () => {
    const { worker } = await setUp({ controlled: true, waiting: true });
    expect(worker.get()).toBe(true);
  });

  test('a page beside the one that updated offers to reload, and does not do so by itself', async () => {
    const { container, worker } = await setUp({ controlled: true });
    container.takeOver();
    expect(worker.get()).toBe(true);
    expect(reload).not.toHaveBeenCalled();
    worker.apply();
    expect(reload).toHaveBeenCalledTimes(1);
  });

  test('a server that is back is asked for a new version, but not each time a line comes and goes', async () => {
    const { container, worker } = await setUp({ controlled: true });
    await vi.advanceTimersByTimeAsync(9 * 60_000);
    worker.serverIsBack();
    expect(container.update).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2 * 60_000);
    worker.serverIsBack();
    worker.serverIsBack();
    expect(container.update).toHaveBeenCalledTimes(1);
  });

  test('a look that fails is tried again after a while, each time after a longer one, until one succeeds', async () => {
    const { container, worker } = await setUp({ controlled: true });
    container.update
      .mockRejectedValueOnce(new TypeError('no line'))
      .mockRejectedValueOnce(new TypeError('no line'));
    worker.look();
    await vi.advanceTimersByTimeAsync(2_000);
    expect(container.update).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(3_999);
    expect(container.update).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(1);
    expect(container.update).toHaveBeenCalledTimes(3);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(container.update).toHaveBeenCalledTimes(3);
  });

  test.each([
    ['the network is back', () => dispatchEvent(new Event('online'))],
    ['the page is looked at again', () => document.dispatchEvent(new Event('visibilitychange'))],
    ['the server is back', (worker: AppWorker) => worker.serverIsBack()],
  ])('a look that failed is tried again at once when %s, one that didn’t is not', async (_, happens) => {
    const { container, worker } = await setUp({ controlled: true });
    happens(worker);
    expect(container.update).not.toHaveBeenCalled();
    container.update.mockRejectedValueOnce(new TypeError('no line'));
    worker.look();
    await vi.advanceTimersByTimeAsync(0);
    happens(worker);
    expect(container.update).toHaveBeenCalledTimes(2);
  });

  test('a new version whose files can’t all be fetched is tried again', async () => {
    const { container, worker } = await setUp({ controlled: true });
    container.active = container.controller;
    container.find().end('redundant');
    expect(worker.get()).toBe(false);
    await vi.advanceTimersByTimeAsync(2_000);
    expect(container.update).toHaveBeenCalledTimes(1);
    container.install();
    expect(worker.get()).toBe(true);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(container.update).toHaveBeenCalledTimes(1);
  });

  test('a first worker that couldn’t be fetched is registered again', async () => {
    const register = vi.spyOn(FakeContainer.prototype, 'register');
    register.mockRejectedValueOnce(new TypeError('no line'));
    const { container } = await setUp({ controlled: false });
    await vi.advanceTimersByTimeAsync(2_000);
    expect(register).toHaveBeenCalledTimes(2);
    container.find().end('redundant');
    await vi.advanceTimersByTimeAsync(2_000);
    expect(register).toHaveBeenCalledTimes(3);
    register.mockRestore();
  });

  test('a browser that refuses a worker does no harm', async () => {
    const container = new FakeContainer();
    container.register = async () => {
      throw new DOMException('no', 'SecurityError');
    };
    const register = vi.spyOn(container, 'register');
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await new AppWorker(container as never).start();
    expect(warn).toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(register).toHaveBeenCalledTimes(1);
    warn.mockRestore();
  });
});

async function setUp({ controlled = false, waiting = false }) {
  const container = new FakeContainer();
  if (controlled) container.controller = new FakeWorker();
  if (waiting) container.waiting = new FakeWorker();
  const worker = new AppWorker(container as never);
  const changed = vi.fn();
  worker.subscribe(changed);
  await worker.start();
  return { container, worker, changed };
}

class FakeWorker extends EventTarget {
  state = 'installing';
  readonly messages: unknown[] = [];
  postMessage(message: unknown): void {
    this.messages.push(message);
  }

  end(state: 'installed' | 'activated' | 'redundant'): void {
    this.state = state;
    this.dispatchEvent(new Event('statechange'));
  }
}

/** A browser's container and its one registration. */
class FakeContainer extends EventTarget {
  controller: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;
  active: FakeWorker | null = null;

  update = vi.fn(async () => this);

  async register(url: string): Promise<this> {
    expect(url).toBe(workerUrl);
    return this;
  }

  /** A new worker begins to install. */
  find(): FakeWorker {
    const coming = new FakeWorker();
    this.installing = coming;
    this.dispatchEvent(new Event('updatefound'));
    coming.addEventListener('statechange', () => {
      this.installing = null;
    });
    return coming;
  }

  install(): void {
    const coming = this.find();
    this.waiting = coming;
    coming.end('installed');
  }

  takeOver(): void {
    this.controller = this.waiting ?? new FakeWorker();
    this.waiting = null;
    this.dispatchEvent(new Event('controllerchange'));
  }
}
