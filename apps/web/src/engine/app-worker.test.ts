import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { takeOverMessage, workerUrl } from '../service-worker/shared';
import { AppWorker } from './app-worker';

describe('the update of the app', () => {
  const reload = vi.fn();
  beforeEach(() => {
    vi.stubGlobal('location', { reload });
    vi.stubGlobal('document', new EventTarget());
  });
  afterEach(() => {
    reload.mockClear();
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
    const now = vi.spyOn(performance, 'now').mockReturnValue(0);
    const { container, worker } = await setUp({ controlled: true });
    now.mockReturnValue(9 * 60_000);
    worker.serverIsBack();
    expect(container.update).not.toHaveBeenCalled();
    now.mockReturnValue(11 * 60_000);
    worker.serverIsBack();
    worker.serverIsBack();
    expect(container.update).toHaveBeenCalledTimes(1);
    now.mockRestore();
  });

  test('a browser that refuses a worker does no harm', async () => {
    const container = new FakeContainer();
    container.register = async () => {
      throw new DOMException('no', 'SecurityError');
    };
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    await new AppWorker(container as never).start();
    expect(warn).toHaveBeenCalled();
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
}

/** A browser's container and its one registration. */
class FakeContainer extends EventTarget {
  controller: FakeWorker | null = null;
  installing: FakeWorker | null = null;
  waiting: FakeWorker | null = null;

  update = vi.fn(async () => this);

  register = async (url: string) => {
    expect(url).toBe(workerUrl);
    return this;
  };

  install(): void {
    this.installing = new FakeWorker();
    this.dispatchEvent(new Event('updatefound'));
    const coming = this.installing;
    this.waiting = coming;
    this.installing = null;
    coming.state = 'installed';
    coming.dispatchEvent(new Event('statechange'));
  }

  takeOver(): void {
    this.controller = this.waiting ?? new FakeWorker();
    this.waiting = null;
    this.dispatchEvent(new Event('controllerchange'));
  }
}
