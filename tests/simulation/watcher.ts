import type { ConversationId, DeviceId, UserId } from '@tidings/api/ids';
import type { Mark } from '@tidings/api/receipt';
import type { LocalChange, LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { covers, holds } from '@tidings/client/ranges';
import type { Violation } from '../invariants/check.ts';
import type { MarkSeen } from '../invariants/history.ts';

/**
 * Looks over a device's shoulder at each change of its store, across its restarts: what is held may only be added to above or in
 * places that were not held, marks only grow (INV3, INV5), and nothing is reported as delivered that isn't stored (MARK2).
 */
export class DeviceWatcher {
  readonly violations: Violation[] = [];
  readonly marks: MarkSeen[] = [];
  readonly #user: UserId;
  readonly #device: DeviceId;
  readonly #rows = new Map<ConversationId, LocalConversation>();
  readonly #entries = new Map<ConversationId, Map<number, LocalEntry>>();

  constructor(user: UserId, device: DeviceId) {
    this.#user = user;
    this.#device = device;
  }

  applied(changes: readonly LocalChange[]): void {
    const before = new Map(this.#rows);
    for (const change of changes) {
      if (change.type === 'put-entries')
        for (const entry of change.entries) this.#put(before.get(entry.conversationId), entry);
      if (change.type === 'put-conversation') this.#putConversation(change.conversation);
      if (change.type === 'drop-conversation') this.#dropConversation(change.id);
      if (change.type === 'drop-entries') this.#dropEntries(change.conversation, change.first, change.last);
    }
  }

  /** The device reports marks; up to `known` the server had been told before. What was read counts as delivered (MARK1). */
  marked(mark: Mark, known: number): void {
    const row = this.#rows.get(mark.conversationId);
    const first = Math.max(known, mark.read, (row?.joinedSeq ?? 1) - 1) + 1;
    if (covers(row?.ranges ?? [], first, mark.delivered)) return;
    const what = `reports ${mark.delivered} delivered and holds ${JSON.stringify(row?.ranges)}, ${known} was known`;
    this.#fault('MARK2', mark.conversationId, what);
  }

  #put(before: LocalConversation | undefined, entry: LocalEntry): void {
    const held = this.#entriesOf(entry.conversationId);
    const known = held.get(entry.seq);
    if (known && !isSame(known, entry))
      this.#fault('INV3', entry.conversationId, `${entry.seq} became another entry`);
    if (known?.deleted && !entry.deleted)
      this.#fault('INV11', entry.conversationId, `${entry.seq} came back from its deletion`);
    if (!known && entry.visible === 1 && before && holds(before.ranges, entry.seq))
      this.#fault(
        'INV3',
        entry.conversationId,
        `${entry.seq} appeared where all was held: ${JSON.stringify(before.ranges)}`,
      );
    held.set(entry.seq, entry);
  }

  #putConversation(row: LocalConversation): void {
    const before = this.#rows.get(row.conversationId);
    this.#rows.set(row.conversationId, row);
    // Whoever was removed keeps no marks beyond that.
    if (row.removedSeq === null)
      this.marks.push({
        where: this.#device,
        conversationId: row.conversationId,
        user: this.#user,
        delivered: row.delivered,
        read: row.read,
      });
    if (row.delivered > row.head)
      this.#fault('INV5', row.conversationId, `delivered ${row.delivered} beyond the head ${row.head}`);
    if (
      before &&
      before.joinedSeq === row.joinedSeq &&
      (row.othersDelivered < before.othersDelivered || row.othersRead < before.othersRead)
    )
      this.#fault('INV5', row.conversationId, `others went back to ${row.othersDelivered}/${row.othersRead}`);
  }

  #dropConversation(id: ConversationId): void {
    this.#rows.delete(id);
    this.#entries.delete(id);
  }

  #dropEntries(id: ConversationId, first: number, last: number): void {
    const held = this.#entriesOf(id);
    for (const at of [...held.keys()]) if (at >= first && at <= last) held.delete(at);
  }

  #entriesOf(id: ConversationId): Map<number, LocalEntry> {
    const known = this.#entries.get(id) ?? new Map<number, LocalEntry>();
    this.#entries.set(id, known);
    return known;
  }

  #fault(rule: string, conversation: ConversationId, what: string): void {
    this.violations.push({ rule, what: `${this.#device} ${conversation}: ${what}` });
  }
}

/** Effects change what a row shows, never which entry it is. */
const isSame = (a: LocalEntry, b: LocalEntry): boolean =>
  a.sender === b.sender &&
  a.device === b.device &&
  a.clientId === b.clientId &&
  a.kind === b.kind &&
  a.sentAt === b.sentAt;
