import { outboxSyncTag, takeOverMessage, workerUrl } from '../service-worker/shared';

/** Browsers look by themselves once a day; a messenger that stays open for weeks looks more often. */
const lookEveryMs = 3_600_000;
/** A server that was away may be back with a new version; but lines come and go. */
const lookWhenBackMs = 10 * 60_000;

/**
 * The page's side of the service worker: registers it once the page has loaded, and knows when a new version waits. A new
 * version takes over only when the user says so; the page that said so reloads, others offer to.
 */
export class AppWorker {
  readonly #container: ServiceWorkerContainer;
  readonly #listeners = new Set<() => void>();
  #registration: ServiceWorkerRegistration | null = null;
  #available = false;
  #accepted = false;
  #lookedAt = 0;

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
    try {
      this.#follow(await this.#container.register(workerUrl, { scope: '/', updateViaCache: 'none' }));
    } catch (error) {
      // Private windows and strict settings refuse: the app works, but not without a network.
      console.warn('no service worker', error);
    }
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState === 'visible') this.#lookAfter(lookEveryMs);
    });
  }

  /** The server is there again. */
  serverIsBack(): void {
    this.#lookAfter(lookWhenBackMs);
  }

  /** The user agreed to the new version. */
  apply = (): void => {
    this.#accepted = true;
    const waiting = this.#registration?.waiting;
    if (waiting) waiting.postMessage(takeOverMessage);
    else location.reload();
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
    this.#lookedAt = performance.now();
    if (registration.waiting && this.#container.controller) this.#offer();
    registration.addEventListener('updatefound', () => {
      const coming = registration.installing;
      coming?.addEventListener('statechange', () => {
        if (coming.state === 'installed' && this.#container.controller) this.#offer();
      });
    });
  }

  /** Asks for a new version now. */
  look(): void {
    this.#lookedAt = performance.now();
    this.#registration?.update().catch(() => {});
  }

  #lookAfter(ms: number): void {
    if (performance.now() - this.#lookedAt >= ms) this.look();
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
