import { AppWorker } from './app-worker';

/** Not in the standard's types: Chromium's offer to install the app. */
type InstallOffer = Event & { prompt(): Promise<{ readonly outcome: 'accepted' | 'dismissed' }> };

/**
 * What this page has of an app: its service worker, and the browser's offer to install it. One per page, from the first
 * moment on, since the browser makes its offer only once.
 */
class PageApp {
  readonly worker: AppWorker | null = null;
  readonly #listeners = new Set<() => void>();
  #offer: InstallOffer | null = null;

  constructor() {
    if (typeof window === 'undefined') return;
    window.addEventListener('beforeinstallprompt', (event) => {
      event.preventDefault();
      this.#setOffer(event as InstallOffer);
    });
    window.addEventListener('appinstalled', () => this.#setOffer(null));
    if ('serviceWorker' in navigator) this.worker = new AppWorker(navigator.serviceWorker);
    if (this.worker && inProduction) whenLoaded(() => void this.worker?.start());
  }

  installable = (): boolean => this.#offer !== null;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async install(): Promise<'accepted' | 'dismissed'> {
    const offer = this.#offer;
    if (!offer) return 'dismissed';
    const { outcome } = await offer.prompt();
    // An offer can be made once; the browser gives another one when it sees fit.
    this.#setOffer(null);
    return outcome;
  }

  #setOffer(offer: InstallOffer | null): void {
    this.#offer = offer;
    for (const listener of [...this.#listeners]) listener();
  }
}

// A worker that keeps files would hide every change from who develops.
// biome-ignore lint/style/noProcessEnv: the build puts a constant here
const inProduction = process.env.NODE_ENV === 'production';

/** The first paint and the messages come first. */
function whenLoaded(task: () => void): void {
  if (document.readyState === 'complete') setTimeout(task, 1_000);
  else window.addEventListener('load', () => setTimeout(task, 1_000), { once: true });
}

export const pageApp = new PageApp();
