/** One deliberate fault: `find` stands exactly once in `file`, and `replace` instead of it breaks `rule`. */
export type Mutation = {
  readonly name: string;
  readonly rule: string;
  readonly file: string;
  readonly find: string;
  readonly replace: string;
};

const services = 'apps/server/src/services';
const client = 'packages/client/src';
const stores = 'packages/db/src';

export const mutations: readonly Mutation[] = [
  {
    name: 'readers skip holes',
    rule: 'LOG4',
    file: `${services}/log-reader.ts`,
    find: 'const holes = holesIn(entries, first, last);',
    replace: 'const holes: number[] = [];',
  },
  {
    name: 'holes are never sealed',
    rule: 'LOG4',
    file: `${services}/log-reader.ts`,
    find: '      if (retryMs > 0)\n',
    replace: '      if (retryMs > Number.NEGATIVE_INFINITY)\n',
  },
  {
    name: 'the sequencer is not seeded from the head',
    rule: 'LOG3',
    file: `${services}/append-queue.ts`,
    find: 'const top = await head(conversation);',
    replace: 'const top = seq(0 * (await head(conversation)));',
  },
  {
    name: 'a send is answered before it is stored',
    rule: 'SEND1',
    file: `${services}/append-queue.ts`,
    find: 'const outcomes = await this.#parts.messages.append(entries);',
    replace: 'void this.#parts.messages.append(entries).catch(() => {});\n    const outcomes: string[] = [];',
  },
  {
    name: 'retries are not looked for',
    rule: 'SEND2',
    file: `${services}/message-service.ts`,
    find: 'retries.length > 0 ? search.find(caller, granted, retries) : noneStored',
    replace: 'noneStored',
  },
  {
    name: 'later copies show',
    rule: 'SEND3',
    file: `${client}/rows.ts`,
    find: 'row.duplicate ? row : { ...row, duplicate: true, visible: 0 };',
    replace: 'row;',
  },
  {
    name: 'former members may write',
    rule: 'SEND5',
    file: `${services}/access.ts`,
    find: "if (membership.removedSeq !== null) throw new TidingsError('not-a-member');",
    replace: '',
  },
  {
    name: 'the outbox goes out backwards',
    rule: 'OUT2',
    file: `${client}/flush.ts`,
    find: '  for (const item of unblocked(items)) {\n    if (!isWaiting(item)',
    replace: '  for (const item of [...unblocked(items)].reverse()) {\n    if (!isWaiting(item)',
  },
  {
    name: 'sends leave the outbox when they go out',
    rule: 'OUT3',
    file: `${client}/flush.ts`,
    find: '  await markTried(call, context);\n',
    replace:
      "  await context.store.apply([{ type: 'drop-outbox', clientIds: call.map((item) => item.clientId) }]);\n",
  },
  {
    name: 'the stream greets before it is registered',
    rule: 'SYNC1',
    file: `${services}/websocket-handler.ts`,
    find: '    lines.add(line);\n    await manager.register({ user: userId, device: deviceId });\n',
    replace:
      '    this.#parts.clock.after(150, () => {\n      lines.add(line);\n      void manager.register({ user: userId, device: deviceId });\n    });\n',
  },
  {
    name: 'pushes beyond a gap are taken',
    rule: 'SYNC3',
    file: `${client}/arrivals.ts`,
    find: '    if (at === next) {\n      arrivals.entries.push(entry);\n      next += 1;',
    replace: '    if (at >= next) {\n      arrivals.entries.push(entry);\n      next = at + 1;',
  },
  {
    name: 'the cursor moves before what it covers is there',
    rule: 'SYNC4',
    file: `${client}/digest.ts`,
    find: 'draft.synced = heldAfter(draft.ranges, draft.synced);',
    replace: 'draft.synced = draft.row.head;',
  },
  {
    name: 'what is delivered is told before it is stored',
    rule: 'MARK2',
    file: `${client}/digest.ts`,
    find: 'delivered = heldAfter(draft.ranges, later(delivered, previous(draft.row.joinedSeq)));',
    replace: 'delivered = draft.row.head;',
  },
  {
    name: 'nothing is delivered again',
    rule: 'SYNC8',
    file: `${services}/redelivery.ts`,
    find: '    const owed = this.#owed.get(conversation);\n    if (!owed) this.#owed.set(',
    replace: '    const owed = this.#owed.get(conversation);\n    if (owed) this.#owed.set(',
  },
  {
    name: 'marks can go back',
    rule: 'MARK1',
    file: `${stores}/watermark-store/sqlite.ts`,
    find: 'row.read = Math.max(row.read, read) as Seq;',
    replace: 'row.read = read;',
  },
  {
    name: 'reading is not cut to the span',
    rule: 'ACC2',
    file: `${services}/message-reading.ts`,
    find: 'const upTo = membership.removedSeq === null ? head : seq(Math.min(head, membership.removedSeq));',
    replace: 'const upTo = head;',
  },
  {
    name: 'former members are pushed to',
    rule: 'GRP5',
    file: `${services}/group-message-handler.ts`,
    find: 'return all.filter((membership) => mayRead(membership, entry.seq)).map(({ userId }) => userId);',
    replace: 'return all.map(({ userId }) => userId);',
  },
  {
    name: 'changes above a page are left out',
    rule: 'INV11',
    file: `${services}/page-effects.ts`,
    find: 'const effects = lasting(firstCopies(page, above)).map(mask);',
    replace: 'const effects: Entry[] = [];',
  },
  {
    name: 'changes of what is not held are forgotten',
    rule: 'INV11',
    file: `${client}/effects.ts`,
    find: '  draft.orphans.set(target, [...waiting, effect]);\n',
    replace: '',
  },
  {
    name: 'deletions leave the content',
    rule: 'LOG7',
    file: `${services}/erasure.ts`,
    find: 'await Promise.all(positions.map((position) => messages.redact(conversation, position)));',
    replace: 'await Promise.resolve(messages);',
  },
  {
    name: 'a group’s rows stand beside its line',
    rule: 'GRP1',
    file: `${services}/group-service.ts`,
    find: 'await conversations.apply(intent, at.seq, at.sentAt)',
    replace: "await conversations.apply(intent, (at.seq + 1) as Entry['seq'], at.sentAt)",
  },
  {
    name: 'interrupted changes stay as they are',
    rule: 'GRP2',
    file: `${services}/group-service.ts`,
    find: "for (const intent of intents) await this.#carryOut(intent, 'again');",
    replace: '',
  },
  {
    name: 'the older put wins in the account’s fold',
    rule: 'ACCT1',
    file: `${stores}/account-state/sqlite.ts`,
    find: 'seq = excluded.seq WHERE excluded.seq > seq`,\n  );\n  const move',
    replace: 'seq = excluded.seq WHERE excluded.seq < seq`,\n  );\n  const move',
  },
  {
    name: 'an older put wins on a device',
    rule: 'ACCT1',
    file: `${client}/account.ts`,
    find: 'const puts = fresh.flatMap((entry) => putOf(entry));',
    replace: 'const puts = fresh.flatMap((entry) => putOf(entry)).reverse();',
  },
  {
    name: 'puts wait for a line that is gone',
    rule: 'ACCT3',
    file: `${client}/untold-items.ts`,
    find: 'if (this.#telling === api) return null;',
    replace: 'if (this.#telling) return null;',
  },
  {
    name: 'one who reconnects may wait half a minute',
    rule: 'INV7',
    file: `${client}/backoff.ts`,
    find: 'export const maxBackoffMs = 5_000;',
    replace: 'export const maxBackoffMs = 60_000;',
  },
];
