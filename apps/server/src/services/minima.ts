import { type Seq, seq, type UserId } from '@tidings/api/ids';
import type { ConversationView } from './parts.ts';

/** Up to where somebody has a conversation and has read it. */
export type Stand = { readonly delivered: Seq; readonly read: Seq };

export const nowhere: Stand = { delivered: seq(0), read: seq(0) };

/** The lowest of some numbers and whose it is, and the lowest of the others'. */
type Lowest = { readonly value: number; readonly of: UserId | null; readonly next: number };

/**
 * The minimum over all other members, for each member at once: it is the lowest of all, except for who has the lowest.
 * A member counts as having what stood there before they joined.
 */
export class Minima {
  readonly #delivered: Lowest;
  readonly #read: Lowest;

  constructor(view: ConversationView, stands: ReadonlyMap<UserId, Stand>) {
    const delivered = new LowestOf();
    const read = new LowestOf();
    for (const user of view.current) {
      const before = (view.memberships.get(user)?.joinedSeq ?? 1) - 1;
      const stand = stands.get(user) ?? nowhere;
      delivered.add(user, Math.max(stand.delivered, before));
      read.add(user, Math.max(stand.read, before));
    }
    this.#delivered = delivered;
    this.#read = read;
  }

  /** `alone` where there are no others. */
  over(user: UserId, alone: Seq): Stand {
    return {
      delivered: seq(without(this.#delivered, user, alone)),
      read: seq(without(this.#read, user, alone)),
    };
  }

  /** What holds for everybody but those who are the last themselves. */
  get lowest(): Stand {
    return { delivered: seq(finite(this.#delivered.value)), read: seq(finite(this.#read.value)) };
  }

  /** Who is the last to have, and to have read: {@link over} answers more to them than {@link lowest}. */
  get laggards(): readonly UserId[] {
    return [this.#delivered.of, this.#read.of].filter((user) => user !== null);
  }
}

class LowestOf implements Lowest {
  value = Number.POSITIVE_INFINITY;
  of: UserId | null = null;
  next = Number.POSITIVE_INFINITY;

  add(user: UserId, value: number): void {
    if (value < this.value) {
      this.next = this.value;
      this.value = value;
      this.of = user;
    } else if (value < this.next) this.next = value;
  }
}

function without(lowest: Lowest, user: UserId, alone: Seq): number {
  const value = lowest.of === user ? lowest.next : lowest.value;
  return value === Number.POSITIVE_INFINITY ? alone : value;
}

const finite = (value: number): number => (value === Number.POSITIVE_INFINITY ? 0 : value);
