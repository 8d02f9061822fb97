import type { GuardedRowCache } from './guarded.ts';
import type { CacheFill } from './port.ts';

export type ReadThrough<Id extends string, Row> = {
  readonly cache: GuardedRowCache;
  /** Reads rows from the store. What isn't there is not kept: it may be made at any moment. */
  load(ids: readonly Id[]): Promise<ReadonlyMap<Id, Row>>;
  /** Rows that are not to be kept; all are when left out. */
  isKept?(row: Row): boolean;
};

/** Rows by id: from the cache where it has them, otherwise from the store, which then fills the cache behind the caller's back. */
export async function readThrough<Id extends string, Row>(
  ids: readonly Id[],
  { cache, load, isKept = () => true }: ReadThrough<Id, Row>,
): Promise<ReadonlyMap<Id, Row>> {
  if (ids.length === 0) return new Map();
  const wanted = [...new Set(ids)];
  const answers = await cache.read(wanted);
  const found = new Map<Id, Row>();
  const leases = new Map<Id, string | null>();
  for (const [at, id] of wanted.entries()) {
    const answer = answers[at];
    if (typeof answer?.row === 'string') found.set(id, JSON.parse(answer.row) as Row);
    else leases.set(id, answer?.lease ?? null);
  }
  if (leases.size === 0) return found;

  const fills: CacheFill[] = [];
  for (const [id, row] of await load([...leases.keys()])) {
    found.set(id, row);
    const lease = leases.get(id);
    if (lease && isKept(row)) fills.push({ key: id, row: JSON.stringify(row), lease });
  }
  if (fills.length > 0) void cache.fill(fills);
  return found;
}
