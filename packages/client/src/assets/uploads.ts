import type { AssetHashes } from '@tidings/api/asset';
import type { Clock, Random } from '@tidings/api/clock';
import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import type { AssetId, ClientId } from '@tidings/api/ids';
import { backoffMs, isRefusal } from '../backoff.ts';
import type { LocalStore, OutboxItem } from '../local-store.ts';
import type { Api } from '../transport.ts';
import type { Carrier } from './carrier.ts';
import { Turns } from './turns.ts';

/** What a device gives so that its engine can bring assets to the server. */
export type DeviceAssets = {
  /** The ciphertext of an asset; `null` when this device doesn't have it (any more). */
  readonly ciphertext: (asset: AssetId) => Promise<Blob | null>;
  readonly carrier: Carrier;
  /** Hears how far an upload is, in bytes of ciphertext. */
  readonly progress?: (asset: AssetHashes, sent: number) => void;
  /** Hears of assets that the server has now. */
  readonly there?: (assets: readonly AssetHashes[]) => void;
};

export type UploadParts = DeviceAssets & {
  /** Keeps where uploads were going, so that they go on there after a reload (ASSET7). */
  readonly store: Pick<LocalStore, 'items' | 'apply'>;
  readonly clock: Clock;
  readonly random: Random;
  /** All assets of an item are at the server (`null`), or it can't be sent for good. */
  readonly settled: (client: ClientId, failure: ErrorCode | null) => void;
};

const atATime = 2;
/** An upload on which nothing moves for so long is begun anew: a line may be gone without anybody saying so. */
const stallMs = 30_000;

type Carrying = { readonly work: Promise<void>; readonly abort: AbortController; users: number };

/**
 * Brings the assets of outbox items to the server: asks by hash what isn't there, uploads that, two at a time, and goes on where it was
 * interrupted. Everything that may pass is tried again; the line's loss ends all attempts, and the next line begins them again.
 */
export class Uploads {
  readonly #parts: UploadParts;
  readonly #jobs = new Map<ClientId, AbortController>();
  readonly #carrying = new Map<AssetId, Carrying>();
  readonly #turns = new Turns(atATime);

  constructor(parts: UploadParts) {
    this.#parts = parts;
  }

  /** The items that wait for uploads now, and the line that there is. Harmless for those that are under way. */
  look(items: readonly OutboxItem[], api: Api): void {
    for (const item of items) if (!this.#jobs.has(item.clientId)) void this.#bring(item, api);
  }

  /** Not wanted any more. */
  cancel(client: ClientId): void {
    this.#jobs.get(client)?.abort();
    this.#jobs.delete(client);
  }

  /** No line. */
  close(): void {
    for (const client of [...this.#jobs.keys()]) this.cancel(client);
  }

  async #bring({ clientId, assets = [] }: OutboxItem, api: Api): Promise<void> {
    const { clock, random, settled } = this.#parts;
    const job = new AbortController();
    this.#jobs.set(clientId, job);
    const wasBroken = new Set<string>();
    for (let attempt = 1; !job.signal.aborted; attempt += 1) {
      try {
        await this.#bringAll(assets, api, job.signal);
        return this.#end(clientId, job, () => settled(clientId, null));
      } catch (error) {
        if (isRefusal(error) && !mayBeDamagedOnTheWay(error, wasBroken))
          return this.#end(clientId, job, () => settled(clientId, error.code));
        await rest(clock, backoffMs(attempt, random, error), job.signal);
      }
    }
  }

  #end(client: ClientId, job: AbortController, tell: () => void): void {
    if (job.signal.aborted) return;
    this.#jobs.delete(client);
    tell();
  }

  async #bringAll(assets: readonly AssetHashes[], api: Api, signal: AbortSignal): Promise<void> {
    const offers = await api.asset.offer.mutate({ assets: [...assets] });
    const wanted = assets.filter((_, index) => offers[index]?.state === 'wanted');
    await Promise.all(wanted.map((asset) => this.#carried(asset, signal)));
    this.#parts.there?.(assets);
  }

  /** One upload per asset, however many items want it; it ends when none does any more. */
  async #carried(asset: AssetHashes, signal: AbortSignal): Promise<void> {
    const carrying = this.#carrying.get(asset.id) ?? this.#begin(asset);
    carrying.users += 1;
    const leave = () => {
      carrying.users -= 1;
      if (carrying.users === 0) carrying.abort.abort();
    };
    if (signal.aborted) return leave();
    signal.addEventListener('abort', leave, { once: true });
    await carrying.work.finally(() => signal.removeEventListener('abort', leave));
  }

  #begin(asset: AssetHashes): Carrying {
    const abort = new AbortController();
    const work = this.#turns
      .take(() => this.#carry(asset, abort))
      .finally(() => {
        if (this.#carrying.get(asset.id) === carrying) this.#carrying.delete(asset.id);
      });
    const carrying: Carrying = { work, abort, users: 0 };
    this.#carrying.set(asset.id, carrying);
    // Whoever comes after it was ended begins another.
    abort.signal.addEventListener('abort', () => {
      if (this.#carrying.get(asset.id) === carrying) this.#carrying.delete(asset.id);
    });
    work.catch(() => {});
    return carrying;
  }

  async #carry(asset: AssetHashes, abort: AbortController): Promise<void> {
    const { ciphertext, carrier, progress = () => {}, store, clock } = this.#parts;
    if (abort.signal.aborted) throw new TidingsError('unavailable', 'not wanted any more');
    const bytes = await ciphertext(asset.id);
    if (!bytes) throw new TidingsError('not-found', `${asset.id} isn't on this device any more`);
    const key = uploadKey(asset.id);
    const [url] = await store.items([key]);
    const stall = new Stall(clock, () => abort.abort());
    try {
      await carrier.carry(asset, bytes, {
        resume: typeof url === 'string' ? url : null,
        begun: (to) => void note(store, key, to),
        progress: (sent) => {
          stall.moved();
          progress(asset, sent);
        },
        signal: abort.signal,
      });
      await note(store, key, null);
    } catch (error) {
      if (isRefusal(error)) await note(store, key, null);
      throw error;
    } finally {
      stall.end();
    }
  }
}

export const uploadKey = (asset: AssetId): string => `~upload:${asset}`;

/** A place that couldn't be noted is lost with the page; the upload then begins anew. */
const note = (store: UploadParts['store'], key: string, value: string | null): Promise<void> =>
  store.apply([{ type: 'put-items', items: [{ key, value }] }]).catch(() => {});

/** The first time that the server finds an asset broken it may have been damaged on the way: it goes once more, from its beginning. */
function mayBeDamagedOnTheWay({ code }: TidingsError, before: Set<string>): boolean {
  if (code !== 'asset-broken' || before.has(code)) return false;
  before.add(code);
  return true;
}

class Stall {
  readonly #clock: Clock;
  readonly #stalled: () => void;
  #cancel: () => void = () => {};

  constructor(clock: Clock, stalled: () => void) {
    this.#clock = clock;
    this.#stalled = stalled;
    this.moved();
  }

  moved(): void {
    this.#cancel();
    this.#cancel = this.#clock.after(stallMs, this.#stalled);
  }

  end(): void {
    this.#cancel();
  }
}

const rest = (clock: Clock, ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const cancel = clock.after(ms, resolve);
    signal.addEventListener('abort', () => {
      cancel();
      resolve();
    });
  });
