import type { AccountItem } from '@tidings/api/account';
import type { Clock, Random } from '@tidings/api/clock';
import type { Seq } from '@tidings/api/ids';
import { persist } from './backoff.ts';
import type { LocalStore } from './local-store.ts';
import type { Api } from './transport.ts';

const untoldKey = '~untold';
const putsInCall = 100;

/** `told`: the position of the call's last put, once the server answered. */
type Untold = { readonly item: AccountItem; told: Seq | null };

/**
 * ACCT3: puts of this device that the fold doesn't have yet. They win over what the log says of their keys until the log has
 * them too; then its order decides, as on every other device.
 */
export class UntoldItems {
  readonly #parts: { store: Pick<LocalStore, 'items'>; clock: Clock; random: Random };
  readonly #untold = new Map<string, Untold>();
  /** The log's newest value of each such key. */
  readonly #logged = new Map<string, unknown>();
  /** The line that is being told. */
  #telling: Api | null = null;

  constructor(parts: { store: Pick<LocalStore, 'items'>; clock: Clock; random: Random }) {
    this.#parts = parts;
  }

  async load(): Promise<void> {
    const [stored] = await this.#parts.store.items([untoldKey]);
    for (const item of (stored as readonly AccountItem[] | undefined) ?? [])
      this.#untold.set(item.key, { item, told: null });
  }

  /** The later put of a key replaces the earlier. Answers the item that keeps them all. */
  add(items: readonly AccountItem[]): AccountItem {
    for (const item of items) {
      this.#untold.delete(item.key);
      this.#untold.set(item.key, { item, told: null });
    }
    return this.#stored();
  }

  /** Those of the log's puts that show. */
  shown(items: readonly AccountItem[]): AccountItem[] {
    return items.filter((item) => !this.#untold.has(item.key));
  }

  /** As {@link shown}; remembers the others for when this device's own are in the log. */
  logged(items: readonly AccountItem[]): AccountItem[] {
    for (const { key, value } of items) if (this.#untold.has(key)) this.#logged.set(key, value);
    return this.shown(items);
  }

  /** What shows now that the fold has come to `through`: of the keys whose puts it contains, what the log says. */
  settled(through: Seq): AccountItem[] {
    const items: AccountItem[] = [];
    for (const [key, { item, told }] of [...this.#untold]) {
      if (told === null || told > through) continue;
      items.push({ key, value: this.#logged.has(key) ? this.#logged.get(key) : item.value });
      this.#untold.delete(key);
      this.#logged.delete(key);
    }
    return items.length > 0 ? [...items, this.#stored()] : [];
  }

  /** Tells what wasn't told, in order. Answers the position of the last put; `null` when there was none or the line went. */
  async tell(api: Api, stopped: () => boolean): Promise<Seq | null> {
    // One that went away may still be waiting for its next try: the new line doesn't wait for it.
    if (this.#telling === api) return null;
    this.#telling = api;
    let last: Seq | null = null;
    try {
      for (;;) {
        const batch = [...this.#untold.values()]
          .filter((untold) => untold.told === null)
          .slice(0, putsInCall);
        if (batch.length === 0 || stopped()) return last;
        const items = batch.map(({ item }) => ({ key: item.key, value: item.value }));
        const answer = await persist(() => api.account.put.mutate({ items }), { ...this.#parts, stopped });
        if (answer) last = answer.seq;
        else if (stopped()) return last;
        this.#answered(batch, answer?.seq ?? null);
      }
    } finally {
      if (this.#telling === api) this.#telling = null;
    }
  }

  /** What the server will never take is forgotten: it stays on this device. */
  #answered(batch: readonly Untold[], at: Seq | null): void {
    for (const untold of batch) {
      if (at !== null) untold.told = at;
      else if (this.#untold.get(untold.item.key) === untold) this.#untold.delete(untold.item.key);
    }
  }

  #stored(): AccountItem {
    const items = [...this.#untold.values()].map(({ item }) => item);
    return { key: untoldKey, value: items.length > 0 ? items : null };
  }
}
