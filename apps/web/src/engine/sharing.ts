/** `after`, made of as much of `before` as is equal: what didn't change keeps its identity, so its view doesn't render again. */
export function share<T>(before: unknown, after: T): T {
  if (Object.is(before, after)) return after;
  if (Array.isArray(before) && Array.isArray(after)) return shareArray(before, after) as T;
  if (isPlain(before) && isPlain(after)) return shareObject(before, after) as T;
  return after;
}

/** As {@link share}, for rows that move within their list: each is compared with the row of the same key. */
export function shareRows<T>(
  before: readonly T[] | undefined,
  after: readonly T[],
  keyOf: (row: T) => string,
): readonly T[] {
  if (!before) return after;
  const old = new Map(before.map((row) => [keyOf(row), row]));
  const rows = after.map((row) => share(old.get(keyOf(row)), row));
  return before.length === rows.length && rows.every((row, index) => row === before[index]) ? before : rows;
}

function shareArray(before: readonly unknown[], after: readonly unknown[]): readonly unknown[] {
  const shared = after.map((value, index) => share(before[index], value));
  return before.length === shared.length && shared.every((value, index) => Object.is(value, before[index]))
    ? before
    : shared;
}

type Plain = Record<string, unknown>;

function shareObject(before: Plain, after: Plain): Plain {
  const keys = Object.keys(after);
  let same = Object.keys(before).length === keys.length;
  const shared: Plain = {};
  for (const key of keys) {
    shared[key] = share(before[key], after[key]);
    if (!Object.hasOwn(before, key) || !Object.is(shared[key], before[key])) same = false;
  }
  return same ? before : shared;
}

function isPlain(value: unknown): value is Plain {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
