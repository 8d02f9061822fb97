import type { Entry } from '@tidings/api/entry';
import { errorTable, TidingsError } from '@tidings/api/errors';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type {
  MessageApi,
  MessageInfo,
  Outgoing,
  RangePage,
  ReadRange,
  SendResult,
} from '@tidings/api/message';
import type { Caller } from '@tidings/api/trpc';
import { LRUCache } from 'lru-cache';
import type { AppendQueue, Draft, Placement } from './append-queue.ts';
import type { CarriedAssets } from './carried-assets.ts';
import type { EntryDelivery } from './entry-delivery.ts';
import type { Erasure } from './erasure.ts';
import type { LogReader } from './log-reader.ts';
import type { MessageReading } from './message-reading.ts';
import type { Access, Granted, Logger } from './parts.ts';
import { checkForm, checkTarget } from './send-rules.ts';
import type { SendSearch } from './send-search.ts';
import { domainErrorFrom } from './trouble.ts';

export type MessageServiceParts = {
  readonly access: Access;
  readonly queue: AppendQueue;
  readonly reader: LogReader;
  readonly reading: MessageReading;
  readonly search: SendSearch;
  readonly delivery: EntryDelivery;
  readonly erasure: Erasure;
  readonly carried: CarriedAssets;
  readonly logger: Logger;
};

/** Sending; for reading see `message-reading.ts`. */
export class MessageService implements MessageApi {
  /** Sends since the start. */
  readonly sends = { accepted: 0, refused: 0 };
  readonly #parts: MessageServiceParts;
  /** Sends being appended here: a retry that overtakes its first attempt waits for it and answers the same. */
  readonly #flights = new Map<string, Flight>();
  /** Where sends of late stand: a copy that doesn't know of the first attempt (of another tab, or a worker) is found all the same. */
  readonly #recent = new LRUCache<string, Place>({ max: 20_000 });

  constructor(parts: MessageServiceParts) {
    this.#parts = parts;
  }

  async send(caller: Caller, messages: readonly Outgoing[]): Promise<readonly SendResult[]> {
    const results = new Map<Outgoing, SendResult>();
    const byConversation = Map.groupBy(messages, (message) => message.conversationId);
    await Promise.all(
      [...byConversation].map(async ([conversation, group]) => {
        const placed = await this.#sendTo(caller, conversation, group);
        for (const [index, message] of group.entries()) results.set(message, placed[index] as SendResult);
        const refused = placed.filter((result) => 'error' in result).length;
        this.sends.refused += refused;
        this.sends.accepted += placed.length - refused;
      }),
    );
    return messages.map((message) => results.get(message) as SendResult);
  }

  /** Several messages to one conversation, in order. A failure before anything was appended is everybody's. */
  async #sendTo(
    caller: Caller,
    conversation: ConversationId,
    messages: readonly Outgoing[],
  ): Promise<readonly SendResult[]> {
    try {
      const granted = await this.#parts.access.require(caller.userId, conversation, 'write');
      const attempts = await this.#attempts(caller, granted, messages);
      this.#append(conversation, attempts);
      return inOrder(await Promise.all(attempts.map(resultOf)));
    } catch (cause) {
      const error = domainErrorFrom(cause, this.#parts.logger);
      return messages.map((message) => failed(message, error));
    }
  }

  /** What is to become of each message: already there, on its way, refused, or to be appended now. */
  async #attempts(
    caller: Caller,
    granted: Granted,
    messages: readonly Outgoing[],
  ): Promise<readonly Attempt[]> {
    const { search, reader } = this.#parts;
    const retries = messages.filter(
      (message) => message.retrySince !== undefined && !this.#isKnown(flightKey(caller, message)),
    );
    const targetOf = ({ conversationId, target }: Outgoing) =>
      target === undefined ? undefined : reader.storedEntry(conversationId, target);
    const [stored, targets, inadmissible] = await Promise.all([
      retries.length > 0 ? search.find(caller, granted, retries) : noneStored,
      messages.some(({ target }) => target !== undefined) ? Promise.all(messages.map(targetOf)) : noTargets,
      messages.some(({ assets }) => assets !== undefined) ? this.#inadmissible(caller, messages) : noErrors,
    ]);
    /** Behind one that is to be tried again nothing is appended (SEND4). */
    let held: TidingsError | null = null;
    return messages.map((message, index): Attempt => {
      const flight = this.#flights.get(flightKey(caller, message));
      if (flight) return { type: 'joined', message, flight };
      const place = this.#recent.get(flightKey(caller, message));
      if (place) return { type: 'known', message, place };
      const entry = stored.get(message.clientId);
      // Perhaps the process that stored it died before it told anybody.
      if (entry) return { type: 'stored', message, landed: this.#land(entry, message.assets) };
      const error: TidingsError | null =
        held ??
        checkForm(message) ??
        (message.kind === 'message' ? null : checkTarget(caller, granted, message, targets[index])) ??
        inadmissible.get(message) ??
        null;
      if (error?.retry === 'later') held = error;
      return error
        ? { type: 'refused', message, error }
        : { type: 'new', message, flight: this.#takeOff(caller, message) };
    });
  }

  /** Which messages name assets that their sender may not send, or that aren't there (ASSET4). */
  async #inadmissible(
    caller: Caller,
    messages: readonly Outgoing[],
  ): Promise<ReadonlyMap<Outgoing, TidingsError>> {
    const errors = new Map<Outgoing, TidingsError>();
    const carrying = messages.filter(
      (message) => message.assets && !checkForm(message) && !this.#isKnown(flightKey(caller, message)),
    );
    for (const message of carrying) {
      const error = await this.#parts.carried.admit(caller, message);
      if (!error) continue;
      errors.set(message, error);
      break;
    }
    return errors;
  }

  #isKnown(key: string): boolean {
    return this.#flights.has(key) || this.#recent.has(key);
  }

  #takeOff(caller: Caller, message: Outgoing): Flight {
    const key = flightKey(caller, message);
    const { promise, resolve } = Promise.withResolvers<Placement>();
    const flight: Flight = {
      draft: draftOf(caller, message),
      assets: message.assets,
      landed: promise,
      land: (placement) => {
        flight.placement = placement;
        this.#flights.delete(key);
        if (isEntry(placement)) this.#recent.set(key, { seq: placement.seq, sentAt: placement.sentAt });
        resolve(placement);
      },
    };
    this.#flights.set(key, flight);
    return flight;
  }

  /** All that is new in one batch: appended, then delivered, then answered. */
  #append(conversation: ConversationId, attempts: readonly Attempt[]): void {
    const flights = attempts.flatMap((attempt) => (attempt.type === 'new' ? attempt.flight : []));
    if (flights.length === 0) return;
    // What was joined stands before these in the queue, or in it with them: when it failed, they may not overtake it (SEND4).
    const joined = attempts.flatMap((attempt) => (attempt.type === 'joined' ? attempt.flight : []));
    const veto =
      joined.length > 0 ? () => joined.map(laterErrorOf).find((error) => error !== null) ?? null : undefined;
    const drafts = flights.map(({ draft }) => draft);
    void this.#parts.queue.append(conversation, drafts, veto).then((placements) => {
      for (const [index, { assets }] of flights.entries()) {
        const placement = placements[index] as Placement;
        if (assets && isEntry(placement)) this.#parts.carried.landed(placement, assets);
      }
      const entries = placements.filter(isEntry);
      if (!entries.some(({ kind }) => kind === 'delete')) {
        this.#parts.delivery.deliver(conversation, entries);
        for (const [index, { land }] of flights.entries()) land(placements[index] as Placement);
        return;
      }
      for (const [index, { land }] of flights.entries()) {
        const placement = placements[index] as Placement;
        if (isEntry(placement)) void this.#land(placement).then(land);
        else land(placement);
      }
    });
  }

  /**
   * Tells everybody of an entry that is durable. A deletion is told, and answered, when what it is about is erased (LOG7): until
   * then it is as good as not sent, and its retry, or whoever reads it, finishes it.
   */
  async #land(entry: Entry, assets?: Outgoing['assets']): Promise<Placement> {
    const { conversationId, kind, target } = entry;
    if (kind === 'delete' && !(await this.#parts.erasure.erase(conversationId, target as Seq))) {
      return new TidingsError('unavailable', 'the deleted message is not erased yet');
    }
    if (assets) this.#parts.carried.landed(entry, assets);
    this.#parts.delivery.deliver(conversationId, [entry]);
    return entry;
  }

  read(caller: Caller, ranges: readonly ReadRange[]): Promise<readonly RangePage[]> {
    return this.#parts.reading.read(caller, ranges);
  }

  info(caller: Caller, conversationId: ConversationId, position: Seq): Promise<MessageInfo> {
    return this.#parts.reading.info(caller, conversationId, position);
  }
}

type Place = Pick<Entry, 'seq' | 'sentAt'>;

/** A send between its acceptance and its place in the log. */
type Flight = {
  readonly draft: Draft;
  readonly assets: Outgoing['assets'];
  readonly landed: Promise<Placement>;
  placement?: Placement;
  readonly land: (placement: Placement) => void;
};

type Attempt =
  | { readonly type: 'new' | 'joined'; readonly message: Outgoing; readonly flight: Flight }
  | { readonly type: 'stored'; readonly message: Outgoing; readonly landed: Promise<Placement> }
  | { readonly type: 'known'; readonly message: Outgoing; readonly place: Place }
  | { readonly type: 'refused'; readonly message: Outgoing; readonly error: TidingsError };

const isEntry = (placement: Placement): placement is Entry => !(placement instanceof TidingsError);

const flightKey = ({ userId, deviceId }: Caller, { conversationId, clientId }: Outgoing): string =>
  `${conversationId} ${userId}/${deviceId}/${clientId}`;

const laterErrorOf = ({ placement }: Flight): TidingsError | null =>
  placement instanceof TidingsError && placement.retry === 'later' ? placement : null;

async function resultOf(attempt: Attempt): Promise<SendResult> {
  const { message } = attempt;
  if (attempt.type === 'refused') return failed(message, attempt.error);
  if (attempt.type === 'known') return { clientId: message.clientId, ...attempt.place, again: true };
  const placed = await (attempt.type === 'stored' ? attempt.landed : attempt.flight.landed);
  if (placed instanceof TidingsError) return failed(message, placed);
  const { seq: position, sentAt } = placed;
  return {
    clientId: message.clientId,
    seq: position,
    sentAt,
    ...(attempt.type === 'new' ? {} : { again: true }),
  };
}

/** Behind one that is to be tried again none has succeeded, so that the next try finds them in the same order (SEND4). */
function inOrder(results: readonly SendResult[]): readonly SendResult[] {
  const from = results.findIndex((result) => 'error' in result && errorTable[result.error].retry === 'later');
  if (from < 0) return results;
  const { clientId: _, ...failure } = results[from] as SendResult;
  return results.map(
    (result, index) => (index > from ? { clientId: result.clientId, ...failure } : result) as SendResult,
  );
}

const noneStored: ReadonlyMap<string, Entry> = new Map();
const noTargets: readonly (Entry | undefined)[] = [];
const noErrors: ReadonlyMap<Outgoing, TidingsError> = new Map();

function draftOf(caller: Caller, { conversationId, clientId, kind, target, content }: Outgoing): Draft {
  return {
    conversationId,
    kind,
    sender: caller.userId,
    device: caller.deviceId,
    clientId,
    content,
    ...(target === undefined ? {} : { target }),
  };
}

const failed = ({ clientId }: Outgoing, { code, retryAfterMs }: TidingsError): SendResult => ({
  clientId,
  error: code,
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
