import type { Seq } from '@tidings/api/ids';
import type { LocalEntry } from './local-store.ts';

/** The held rows of one conversation in memory: ascending by seq, with an index of the sends. */
export class MemoryLog {
  #rows: LocalEntry[] = [];
  readonly #sends = new Map<string, Seq[]>();

  get size(): number {
    return this.#rows.length;
  }

  /** Replaces rows at the same position. Rows above all others, in order, are the cheap case. */
  put(row: LocalEntry): void {
    const last = this.#rows.at(-1);
    if (!last || last.seq < row.seq) this.#rows.push(row);
    else this.#putInside(row);
    if (row.send) this.#index(row);
  }

  /** As `put` of each; one pass over the log however many they are. */
  putAll(rows: readonly LocalEntry[]): void {
    const last = this.#rows.at(-1);
    if (rows.length < 16 || !last || rows.every((row) => row.seq > last.seq)) {
      for (const row of rows) this.put(row);
      return;
    }
    const bySeq = new Map(this.#rows.map((row) => [row.seq, row]));
    for (const row of rows) {
      bySeq.set(row.seq, row);
      if (row.send) this.#index(row);
    }
    this.#rows = [...bySeq.values()].sort((a, b) => a.seq - b.seq);
  }

  drop(first: Seq, last: Seq): void {
    const from = this.#indexOf(first);
    const to = this.#indexOf(last + 1);
    for (const row of this.#rows.splice(from, to - from)) {
      const copies = this.#sends.get(row.send)?.filter((at) => at !== row.seq);
      if (copies?.length) this.#sends.set(row.send, copies);
      else this.#sends.delete(row.send);
    }
  }

  slice(first: Seq, last: Seq, from: 'oldest' | 'newest', limit: number): readonly LocalEntry[] {
    const begin = this.#indexOf(first);
    const end = this.#indexOf(last + 1);
    if (from === 'oldest') return this.#rows.slice(begin, Math.min(end, begin + limit));
    return this.#rows.slice(Math.max(begin, end - limit), end);
  }

  bySend(keys: readonly string[]): readonly LocalEntry[] {
    const found = keys.flatMap((key) => this.#sends.get(key) ?? []);
    if (found.length === 0) return [];
    return [...new Set(found)].sort((a, b) => a - b).flatMap((at) => this.slice(at, at, 'oldest', 1));
  }

  #putInside(row: LocalEntry): void {
    const at = this.#indexOf(row.seq);
    const replaces = this.#rows[at]?.seq === row.seq;
    this.#rows.splice(at, replaces ? 1 : 0, row);
  }

  #index(row: LocalEntry): void {
    const copies = this.#sends.get(row.send);
    if (!copies) this.#sends.set(row.send, [row.seq]);
    else if (!copies.includes(row.seq)) copies.push(row.seq);
  }

  /** Where the first row with a position ≥ `at` stands. */
  #indexOf(at: number): number {
    let low = 0;
    let high = this.#rows.length;
    if (high === 0 || (this.#rows[high - 1] as LocalEntry).seq < at) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#rows[middle] as LocalEntry).seq < at) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
