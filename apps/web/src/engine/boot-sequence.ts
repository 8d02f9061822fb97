import type { SignedIn } from '@tidings/api/auth';
import type { ErrorCode } from '@tidings/api/errors';
import type { Client, Self } from './client';
import { forgetSelf, knownSelf, onSelfForgotten, rememberSelf } from './device';
import { loadEngine } from './load-engine';
import { openClient } from './open-client';
import { pageApp } from './page-app';
import { askSession, endSession } from './session-api';

export type BootPhase =
  | { readonly type: 'starting' }
  /** `ended`: there is no line any more, and there won't be one before the page is loaded again; what is local still shows. */
  | { readonly type: 'ready'; readonly client: Client; readonly ended: ErrorCode | null }
  /** On the way to another page. */
  | { readonly type: 'leaving' };

/**
 * From a fresh page to a running client. Who was signed in last is trusted at once, so that local history paints before any
 * network; the server's word on the session comes beside it and may end it.
 */
export class BootSequence {
  readonly #prepare: (client: Client) => Promise<void>;
  readonly #listeners = new Set<() => void>();
  #phase: BootPhase = { type: 'starting' };
  #opening: Promise<Client> | null = null;

  /** `prepare` brings what the first rendering needs; it never rejects, and never takes long. */
  constructor(prepare: (client: Client) => Promise<void> = async () => {}) {
    this.#prepare = prepare;
  }

  get = (): BootPhase => this.#phase;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  async start(): Promise<void> {
    onSelfForgotten(() => this.#leave('/sign-in'));
    const self = knownSelf();
    if (self) void this.#open(self);
    // Here is nothing yet that could be shown before the engine has brought it.
    else loadEngine().catch(() => {});
    const answer = await askSession();
    switch (answer.type) {
      case 'signed-in':
        return this.#confirmed(self, answer.session);
      case 'signed-out':
        return this.#ended(answer.code);
      case 'unknown':
        if (!self) this.#leave('/sign-in');
    }
  }

  /** Messages that wait to be sent, and would be lost by signing out. */
  async unsent(): Promise<number> {
    const client = await this.#opening;
    return (await client?.store.outbox())?.filter((item) => item.state.type !== 'sent').length ?? 0;
  }

  async signOut(): Promise<void> {
    await endSession();
    await this.#forget();
  }

  async #confirmed(self: Self | null, session: SignedIn): Promise<void> {
    rememberSelf(session);
    if (self && self.userId !== session.userId) return location.reload();
    const known = knownSelf();
    if (!self && known) await this.#open(known);
  }

  /** A session that was ended on purpose takes what it left here with it; one that ran out keeps it for the next sign-in. */
  #ended(code: ErrorCode): Promise<void> | void {
    if (code === 'session-ended') return this.#forget();
    this.#leave('/sign-in');
  }

  /** The line is closed for good. The session may be another by now: who signed in again did so in another tab. */
  async #lineEnded(code: ErrorCode): Promise<void> {
    if (code === 'outdated-client') {
      // The files of this version are kept by the service worker: loading the page again gives the same one until it has the new.
      pageApp.worker?.look();
      return this.#showEnd(code);
    }
    const answer = await askSession();
    if (answer.type !== 'signed-in') return this.#ended(code);
    rememberSelf(answer.session);
    if (mayReload()) location.reload();
    else this.#showEnd(code);
  }

  #showEnd(ended: ErrorCode): void {
    if (this.#phase.type === 'ready') this.#publish({ ...this.#phase, ended });
  }

  async #forget(): Promise<void> {
    const client = await this.#opening;
    forgetSelf();
    await client?.forget();
    this.#leave('/sign-in');
  }

  #open(self: Self): Promise<Client> {
    this.#opening ??= openClient(self).then(async (client) => {
      await this.#prepare(client);
      this.#publish({ type: 'ready', client, ended: null });
      const stop = client.state.subscribe(() => {
        const { connection } = client.state.get();
        if (connection.type !== 'ended') return;
        stop();
        void this.#lineEnded(connection.code);
      });
      return client;
    });
    return this.#opening;
  }

  /** A fresh page, so that nothing of one user stays in memory for the next. */
  #leave(to: string): void {
    if (this.#phase.type === 'leaving') return;
    this.#publish({ type: 'leaving' });
    location.replace(to);
  }

  #publish(phase: BootPhase): void {
    this.#phase = phase;
    for (const listener of [...this.#listeners]) listener();
  }
}

const reloadedKey = 'tidings.reloaded';
const reloadEveryMs = 60_000;

/** A page that loads itself again must not do so for ever. */
function mayReload(): boolean {
  try {
    const last = Number(sessionStorage.getItem(reloadedKey) ?? 0);
    if (Math.abs(Date.now() - last) < reloadEveryMs) return false;
    sessionStorage.setItem(reloadedKey, String(Date.now()));
    return true;
  } catch {
    return false;
  }
}
