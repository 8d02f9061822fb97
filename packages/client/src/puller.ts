import type { Clock } from '@tidings/api/clock';
import { TidingsError } from '@tidings/api/errors';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { RangePage, ReadRange } from '@tidings/api/message';
import { limits } from '@tidings/api/protocol';
import type { SeqRange } from './local-store.ts';
import type { Want } from './pull-plan.ts';
import { cutRange, type Ranges } from './ranges.ts';
import type { Api } from './transport.ts';

const callsInFlight = 3;
/** The first call asks for little, so that the open chat is there soon. */
const firstCallEntries = 200;
/** An answer that brought nothing, though more was expected: asked again no sooner. */
const barrenMs = 5_000;
const failedMs = 1_000;

export type PullerParts = {
  readonly api: Api;
  readonly clock: Clock;
  /** Stores the pages; what was wanted and not in them is wanted again by whoever plans. */
  readonly take: (pages: readonly RangePage[]) => Promise<void>;
  /** The piece was answered and stored, or asking for it makes sense again. */
  readonly settled: (conversation: ConversationId) => void;
  /** Nothing that must be read is left to read. */
  readonly idle: () => void;
};

/**
 * Reads pieces of logs over one line, many in a call and a few calls at a time, the urgent ones first. A position is asked for
 * once at a time; what a young hole hides is asked for again when the server said so (LOG5).
 */
export class Puller {
  readonly #parts: PullerParts;
  #queue: Want[] = [];
  readonly #asked = new Map<ConversationId, Ranges>();
  /** Conversations that are asked for again later; each with what calls that off. */
  readonly #paused = new Map<ConversationId, () => void>();
  #rank: (conversation: ConversationId) => number = () => 0;
  #calls = 0;
  #inFlight = 0;
  #due = 0;
  #stopped = false;

  constructor(parts: PullerParts) {
    this.#parts = parts;
  }

  /** True while something that must be read is wanted or being read; conversations behind a young hole don't count. */
  get isBusy(): boolean {
    return this.#due > 0;
  }

  /** Which conversation goes first: the lower number. */
  rankBy(rank: (conversation: ConversationId) => number): void {
    this.#rank = rank;
  }

  want(wants: readonly Want[]): void {
    for (const want of wants) {
      if (this.#paused.has(want.conversationId)) continue;
      for (const part of this.#unasked(want)) {
        this.#queue.push({ ...want, ...part });
        if (want.round < 2) this.#due += 1;
        this.#mark(want.conversationId, part);
      }
    }
    // Wants of the same moment share a call.
    if (this.#queue.length > 0) queueMicrotask(() => this.#pump());
  }

  stop(): void {
    this.#stopped = true;
    this.#queue = [];
    for (const cancel of this.#paused.values()) cancel();
  }

  #unasked(want: Want): Ranges {
    let left: Ranges = [{ first: want.first, last: want.last }];
    for (const asked of this.#asked.get(want.conversationId) ?? [])
      left = cutRange(left, asked.first, asked.last);
    return left;
  }

  #mark(conversation: ConversationId, range: SeqRange): void {
    this.#asked.set(conversation, [...(this.#asked.get(conversation) ?? []), range]);
  }

  #unmark({ conversationId, first, last }: Want): void {
    const left = (this.#asked.get(conversationId) ?? []).filter(
      (asked) => asked.first !== first || asked.last !== last,
    );
    if (left.length > 0) this.#asked.set(conversationId, left);
    else this.#asked.delete(conversationId);
  }

  #pump(): void {
    while (!this.#stopped && this.#queue.length > 0 && this.#inFlight < callsInFlight) {
      const wants = this.#nextCall();
      this.#inFlight += 1;
      void this.#read(wants).finally(() => {
        this.#inFlight -= 1;
        this.#due -= wants.filter((want) => want.round < 2).length;
        this.#pump();
        if (this.#due === 0 && !this.#stopped) this.#parts.idle();
      });
    }
  }

  #nextCall(): Want[] {
    const ranks = new Map(
      this.#queue.map(({ conversationId }) => [conversationId, this.#rank(conversationId)]),
    );
    const rankOf = (want: Want) => ranks.get(want.conversationId) ?? 0;
    this.#queue.sort((a, b) => a.round - b.round || rankOf(a) - rankOf(b) || b.last - a.last);
    const most = this.#calls++ === 0 ? firstCallEntries : limits.page;
    let entries = 0;
    let count = 0;
    for (const want of this.#queue) {
      entries += sizeOf(want);
      if (count > 0 && (entries > most || count >= limits.batch)) break;
      count += 1;
    }
    return this.#queue.splice(0, count);
  }

  async #read(wants: readonly Want[]): Promise<void> {
    try {
      const pages = await this.#parts.api.message.read.query({ ranges: wants.map(rangeOf) });
      if (this.#stopped) return;
      await this.#parts.take(wants.map((want, index) => finalPage(want, pages[index] as RangePage)));
      wants.forEach((want, index) => {
        this.#answered(want, pages[index] as RangePage);
      });
    } catch (error) {
      if (!this.#stopped) this.#failed(wants, error);
    }
  }

  #answered(want: Want, page: RangePage): void {
    this.#unmark(want);
    const brought = page.last >= page.first;
    if (page.holeRetryMs !== undefined) this.#pause(want.conversationId, page.holeRetryMs + 1);
    else if (page.error || (!brought && !isEmptyForEver(want, page)))
      this.#pause(want.conversationId, barrenMs);
    else this.#parts.settled(want.conversationId);
  }

  #failed(wants: readonly Want[], error: unknown): void {
    for (const want of wants) this.#unmark(want);
    const retryMs = error instanceof TidingsError ? error.retryAfterMs : undefined;
    for (const want of wants) this.#pause(want.conversationId, retryMs ?? failedMs);
  }

  #pause(conversation: ConversationId, ms: number): void {
    if (this.#paused.has(conversation)) return;
    const cancel = this.#parts.clock.after(ms, () => {
      this.#paused.delete(conversation);
      this.#parts.settled(conversation);
    });
    this.#paused.set(conversation, cancel);
  }
}

const sizeOf = (want: SeqRange): number => want.last - want.first + 1;

const rangeOf = ({ conversationId, first, last }: Want): ReadRange => ({
  conversationId,
  first,
  last,
  from: 'newest',
  limit: Math.min(limits.page, last - first + 1),
});

/** Below the head and no hole in the way: retention let it go, and nothing will ever be there. */
const isEmptyForEver = (want: { readonly last: Seq }, page: RangePage): boolean =>
  page.last < page.first && page.holeRetryMs === undefined && !page.error && want.last <= page.head;

/** What was asked for and never will be there is held as empty. */
export function finalPage(want: SeqRange, page: RangePage): RangePage {
  return isEmptyForEver(want, page) ? { ...page, first: want.first, last: want.last } : page;
}
