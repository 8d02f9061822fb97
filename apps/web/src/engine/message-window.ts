import { TidingsError } from '@tidings/api/errors';
import { type ConversationId, type Seq, seq } from '@tidings/api/ids';
import type { Engine } from '@tidings/client/engine-port';
import type { LocalConversation } from '@tidings/client/local-store';
import type { DeviceStore } from './device-store';
import type { MessageRow, Own } from './message-rows';
import {
  atLeast,
  beginning,
  isNewest,
  rangeAround,
  readSpan,
  type Span,
  type SpanContent,
} from './message-span';
import { shareRows } from './sharing';

export type MessagesView = {
  /** False until the first read of the local store (a few ms): show a skeleton, not an empty chat. */
  readonly ready: boolean;
  /** Ascending; what waits to be sent comes last, as long as the window reaches the end. Unchanged rows keep their identity. */
  readonly rows: readonly MessageRow[];
  /** There are lines before the first row, here or on the server. */
  readonly hasOlder: boolean;
  /** There are lines after the last row: the window doesn't follow the end now. */
  readonly hasNewer: boolean;
  readonly loading: 'older' | 'newer' | 'jump' | null;
  /** The last load needed the server and there was no line: say so where the rows end, and offer to try again. */
  readonly unavailable: 'older' | 'newer' | 'jump' | null;
  /** A page more at the top; does nothing while one is loading or when there is none. */
  loadOlder(): Promise<void>;
  loadNewer(): Promise<void>;
  /** Puts the window around a position. Resolves when its rows are there: true when the line itself is among them. */
  jumpTo(target: Seq): Promise<boolean>;
  jumpToEnd(): Promise<void>;
  /**
   * Says whether the view stands at the end (true at first). Then new lines push the oldest rows out of a full window, and
   * the window goes with the end over a gap; else it keeps what is on the screen.
   */
  follow(following: boolean): void;
};

export type WindowOptions = {
  /** Where to begin: at the end (default), or around a position, e.g. the first unread one. */
  readonly at?: Seq | undefined;
  /** Rows of one load; default 60. The window never holds more than 8 pages: the far side is let go (and the view says so). */
  readonly page?: number;
};

type Sources = {
  readonly conversation: ConversationId;
  readonly reads: DeviceStore;
  readonly engine: Pick<Engine, 'loadOlder' | 'loadAround'>;
  readonly own: Own;
};

const pagesHeld = 8;
/** Pages of the log can hold nothing that shows (reactions, edits): how many to ask for before letting go. */
const emptyPages = 20;

/** A window over the log of one conversation. Only what it shows is read, however long the log is. */
export class MessageWindow {
  readonly #from: Sources;
  readonly #page: number;
  readonly #most: number;
  readonly #listeners = new Set<() => void>();
  #at: Seq | undefined;
  #span: Span = { type: 'end', lower: null };
  #following = true;
  #isOpen = false;
  #content: SpanContent | null = null;
  #loading: MessagesView['loading'] = null;
  #unavailable: MessagesView['unavailable'] = null;
  #view: MessagesView;
  #stop: (() => void) | null = null;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(from: Sources, options: WindowOptions = {}) {
    this.#from = from;
    this.#page = options.page ?? 60;
    this.#most = this.#page * pagesHeld;
    this.#at = options.at;
    this.#view = this.#makeView();
  }

  get = (): MessagesView => this.#view;

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Starts reading, unless it reads already; the answer ends it. May be opened again, and goes on where it was. */
  open(): () => void {
    const at = this.#at;
    this.#at = undefined;
    this.#isOpen = true;
    if (at !== undefined) void this.jumpTo(at).then((found) => (found ? undefined : this.jumpToEnd()));
    else if (!this.#stop) void this.#show(this.#span);
    return () => {
      this.#isOpen = false;
      this.#stop?.();
      this.#stop = null;
    };
  }

  follow = (following: boolean): void => {
    this.#following = following;
  };

  loadOlder = (): Promise<void> =>
    this.#view.hasOlder && this.#loading === null
      ? this.#load('older', () => this.#extendDown())
      : Promise.resolve();

  loadNewer = (): Promise<void> =>
    this.#view.hasNewer && this.#loading === null
      ? this.#load('newer', () => this.#extendUp())
      : Promise.resolve();

  jumpTo = async (target: Seq): Promise<boolean> => {
    await this.#load('jump', () => this.#moveTo(target));
    return this.#view.rows.some((row) => row.seq === target);
  };

  jumpToEnd = (): Promise<void> => {
    this.#following = true;
    return this.#load('jump', () => this.#show({ type: 'end', lower: null }));
  };

  /** One after the other, so that each starts from what the one before has left. */
  #load(what: NonNullable<MessagesView['loading']>, work: () => Promise<void>): Promise<void> {
    this.#loading = what;
    this.#unavailable = null;
    this.#publish();
    const turn = this.#turn.then(async () => {
      try {
        await work();
      } catch (error) {
        if (!(error instanceof TidingsError)) throw error;
        this.#unavailable = what;
      } finally {
        this.#loading = null;
        this.#publish();
      }
    });
    this.#turn = turn.catch(() => {});
    return turn;
  }

  async #extendDown(): Promise<void> {
    const conversation = await this.#from.reads.conversation(this.#from.conversation);
    if (!conversation) return;
    const entries = entryRows(this.#view.rows);
    const first = entries[0]?.seq ?? this.#span.lower ?? seq(conversation.head + 1);
    const older = await this.#findOlder(first, conversation);
    const kept = entries[this.#most - older.count - 1];
    const tooMany = entries.length + older.count > this.#most;
    if (tooMany && kept) await this.#show({ type: 'fixed', lower: older.lower, upper: kept.seq });
    else await this.#show({ ...this.#span, lower: older.lower });
  }

  /** Where the page that ends before `first` begins; fetched when this device lacks it. */
  async #findOlder(first: Seq, known: LocalConversation): Promise<{ lower: Seq; count: number }> {
    const { reads, engine, conversation: id } = this.#from;
    const start = beginning(known);
    let reached = first;
    for (let tries = 0; tries < emptyPages; tries += 1) {
      const conversation = (await reads.conversation(id)) ?? known;
      const range =
        rangeAround(conversation, first) ?? (first > 1 ? rangeAround(conversation, seq(first - 1)) : null);
      const lowest = range ? atLeast(range.first, start) : first;
      const lines = lowest < first ? await reads.lines(id, lowest, seq(first - 1), 'newest', this.#page) : [];
      const page = { lower: lines[0]?.seq ?? lowest, count: lines.length };
      if (lines.length >= this.#page || lowest <= start) return page;
      if (lowest === reached && tries > 0) return page;
      reached = lowest;
      try {
        await engine.loadOlder(id, lowest, this.#page);
      } catch (error) {
        if (lines.length > 0) return page;
        throw error;
      }
    }
    return { lower: reached, count: 0 };
  }

  async #extendUp(): Promise<void> {
    const { reads, engine, conversation: id } = this.#from;
    const span = this.#span;
    if (span.type === 'end') return;
    let conversation = await reads.conversation(id);
    let range = conversation && rangeAround(conversation, span.upper);
    if (conversation && range && range.last <= span.upper && range.last < conversation.head) {
      await engine.loadAround(id, seq(range.last + 1));
      conversation = await reads.conversation(id);
      range = conversation && rangeAround(conversation, span.upper);
    }
    if (!conversation || !range) return;
    const lines =
      range.last > span.upper
        ? await reads.lines(id, seq(span.upper + 1), range.last, 'oldest', this.#page)
        : [];
    const entries = [...entryRows(this.#view.rows).map((row) => row.seq), ...lines.map((line) => line.seq)];
    const lower = entries[Math.max(0, entries.length - this.#most)] ?? span.lower;
    const reachesEnd = lines.length < this.#page && isNewest(conversation, range);
    await this.#show(
      reachesEnd
        ? { type: 'end', lower }
        : { type: 'fixed', lower, upper: upperOf(lines, this.#page, range.last) },
    );
  }

  async #moveTo(target: Seq): Promise<void> {
    const { reads, engine, conversation: id } = this.#from;
    let conversation = await reads.conversation(id);
    if (!conversation || !rangeAround(conversation, target)) {
      await engine.loadAround(id, target);
      conversation = await reads.conversation(id);
    }
    const range = conversation && rangeAround(conversation, target);
    if (!conversation || !range) return;
    const half = Math.ceil(this.#page / 2);
    const before = await reads.lines(
      id,
      atLeast(range.first, beginning(conversation)),
      target,
      'newest',
      half + 1,
    );
    const after =
      target < range.last ? await reads.lines(id, seq(target + 1), range.last, 'oldest', half) : [];
    const lower = before[0]?.seq ?? target;
    const reachesEnd = after.length < half && isNewest(conversation, range);
    this.#following = false;
    await this.#show(
      reachesEnd ? { type: 'end', lower } : { type: 'fixed', lower, upper: upperOf(after, half, range.last) },
    );
  }

  /** Reads a span and keeps it read; resolves when its rows are there. */
  #show(span: Span): Promise<void> {
    this.#stop?.();
    this.#span = span;
    // A load that ends after the view went away: the next opening shows what it found.
    if (!this.#isOpen) return Promise.resolve();
    return new Promise((resolve) => {
      let current = true;
      const end = this.#from.reads.live(
        (reads) => readSpan(reads, this.#query()),
        (content) => {
          if (current) this.#take(content);
          resolve();
        },
      );
      this.#stop = () => {
        current = false;
        end();
        resolve();
      };
    });
  }

  #query() {
    const { conversation, own } = this.#from;
    return {
      conversation,
      own,
      span: this.#span,
      following: this.#following,
      page: this.#page,
      most: this.#most,
    };
  }

  #take(content: SpanContent): void {
    this.#span = content.span;
    this.#content = { ...content, rows: shareRows(this.#content?.rows, content.rows, (row) => row.key) };
    this.#publish();
  }

  #publish(): void {
    this.#view = this.#makeView();
    for (const listener of [...this.#listeners]) listener();
  }

  #makeView(): MessagesView {
    const { loadOlder, loadNewer, jumpTo, jumpToEnd, follow } = this;
    const { rows = [], hasOlder = false, hasNewer = false } = this.#content ?? {};
    const state = {
      ready: this.#content !== null,
      rows,
      hasOlder,
      hasNewer,
      loading: this.#loading,
      unavailable: this.#unavailable,
    };
    return { ...state, loadOlder, loadNewer, jumpTo, jumpToEnd, follow };
  }
}

const entryRows = (rows: readonly MessageRow[]) => rows.filter((row) => row.type === 'entry');

const upperOf = (lines: readonly { readonly seq: Seq }[], wanted: number, end: Seq): Seq =>
  lines.length < wanted ? end : (lines.at(-1)?.seq ?? end);
