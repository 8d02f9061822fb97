import { outboxSyncTag, takeOverMessage, workerUrl } from '../service-worker/shared';

/** Browsers look by themselves once a day; a messenger that stays open for weeks looks more often. */
const lookEveryMs = 3_600_000;
/** A server that was away may be back with a new version; but lines come and go. */
const lookWhenBackMs = 10 * 60_000;
/** After a look that failed: the first pause, each further one is twice as long, up to the longest. */
const retryAfterMs = { first: 2_000, longest: 5 * 60_000 };

/**
 * The page's side of the service worker: registers it once the page has loaded, and knows when a new version waits. A new
 * version takes over only when the user says so; the page that said so reloads, others offer to. A look for one that fails (a
 * server that is just coming back, a line that isn't there) is tried again after a while, and at once when there is reason to hope.
 */
export class AppWorker {
  readonly #container: ServiceWorkerContainer;
  readonly #listeners = new Set<() => void>();
  #registration: ServiceWorkerRegistration | null = null;
  #available = false;
  #accepted = false;
  /** Nobody looks before the start does. */
  #lookedAt = Number.POSITIVE_INFINITY;
  /** A new version is on its way. */
  #installing = false;
  /** Looks that failed since the last one that didn't. */
  #failures = 0;
  #retry: ReturnType<typeof setTimeout> | undefined;

  constructor(container: ServiceWorkerContainer) {
    this.#container = container;
  }

  /** True when the newest version of the app isn't the one that runs in this page. */
  get = (): boolean => this.#available;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async start(): Promise<void> {
    const hadController = this.#container.controller !== null;
    this.#container.addEventListener('controllerchange', () => {
      // The first worker ever takes over a page that is as new as itself.
      if (hadController || this.#available) this.#replaced();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#lookAfter(lookEveryMs);
    });
    addEventListener('online', () => this.#lookAfter(lookWhenBackMs));
    await this.#lookOnce();
  }

  /** The server is there again. */
  serverIsBack(): void {
    this.#lookAfter(lookWhenBackMs);
  }

  /** The user agreed to the new version. */
  apply = (): void => {
    this.#accepted = true;
    const waiting = this.#registration?.waiting;
    if (!waiting) {
      location.reload();
      return;
    }
    // Where a look for updates is under way at this moment, Chromium tells of no other controller.
    waiting.addEventListener('statechange', () => {
      if (waiting.state === 'activated') this.#replaced();
    });
    waiting.postMessage(takeOverMessage);
  };

  /** Asks for the outbox to be flushed when there is a network again, even if no page is open then. */
  async syncOutbox(): Promise<void> {
    try {
      const registration = this.#registration ?? (await this.#container.getRegistration());
      await registration?.sync?.register(outboxSyncTag);
    } catch {
      // No Background Sync here, or not allowed: the page flushes when it is opened the next time.
    }
  }

  #follow(registration: ServiceWorkerRegistration): void {
    this.#registration = registration;
    if (registration.waiting && this.#container.controller) this.#offer();
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      this.#installing = coming !== null;
      coming?.addEventListener('statechange', () => this.#installs(registration, coming.state));
    });
  }

  #installs(registration: ServiceWorkerRegistration, state: ServiceWorkerState): void {
    if (state === 'installed') {
      this.#installing = false;
      this.#failures = 0;
      if (this.#container.controller) this.#offer();
    } else if (state === 'redundant' && this.#installing) {
      // Some of its files couldn't be fetched. A first one that fails takes the registration with it.
      this.#installing = false;
      if (!registration.active) this.#registration = null;
      this.#lookAgain();
    }
  }

  /** Asks for a new version now. */
  look(): void {
    if (this.#lookedAt < Number.POSITIVE_INFINITY) void this.#lookOnce();
  }

  #lookAfter(ms: number): void {
    if (this.#failures > 0 || performance.now() - this.#lookedAt >= ms) this.look();
  }

  async #lookOnce(): Promise<void> {
    clearTimeout(this.#retry);
    this.#lookedAt = performance.now();
    try {
      if (this.#registration) await this.#registration.update();
      else this.#follow(await this.#container.register(workerUrl, { scope: '/', updateViaCache: 'none' }));
      if (!this.#registration?.installing) this.#failures = 0;
    } catch (error) {
      if (isRefused(error)) console.warn('no service worker', error);
      else this.#lookAgain();
    }
  }

  #lookAgain(): void {
    const pause = Math.min(retryAfterMs.first * 2 ** this.#failures, retryAfterMs.longest);
    this.#failures += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.look(), pause);
  }

  #replaced(): void {
    if (this.#accepted) location.reload();
    else this.#offer();
  }

  #offer(): void {
    if (this.#available) return;
    this.#available = true;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** Private windows and strict settings refuse: the app works, but not without a network. */
const isRefused = (error: unknown): boolean =>
  error instanceof DOMException && error.name === 'SecurityError';
