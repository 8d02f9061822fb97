import type { Entry } from '@tidings/api/entry';
import { clientId, deviceId, directId, type Seq, seq, userId } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check.ts';
import type { ConversationView, History } from './history.ts';

/** The checkers are worth nothing if they can't find fault: each is shown a history that is sound, then one that is not. */
const ann = userId('ann-00000000');
const bob = userId('bob-00000000');
const annPhone = deviceId('ann-phone-0000000');
const bobPhone = deviceId('bob-phone-0000000');
const chat = directId(ann, bob);

const message = (at: number, id: string, content = id): Entry => ({
  conversationId: chat,
  seq: seq(at),
  kind: 'message',
  sender: ann,
  device: annPhone,
  clientId: clientId(id),
  sentAt: 1,
  content,
});

const view = (log: readonly Entry[], changes: Partial<ConversationView> = {}): ConversationView => ({
  conversationId: chat,
  head: seq(log.length),
  delivered: seq(log.length),
  read: seq(0),
  unread: log.length,
  ranges: [{ first: seq(1), last: seq(log.length) }],
  rows: log.map((entry) => ({ seq: entry.seq, sender: ann, device: annPhone, clientId: entry.clientId ?? '', content: entry.content, deleted: false, reactions: {} })),
  waiting: [],
  ...changes,
});

const log = [message(1, 'message-1'), message(2, 'message-2')];

function history(changes: Partial<History> = {}, shown: Partial<ConversationView> = {}): History {
  return {
    sends: log.map((entry) => ({ user: ann, device: annPhone, clientId: entry.clientId as never, conversationId: chat, kind: 'message', content: entry.content })),
    acknowledgements: log.map((entry) => ({ user: ann, device: annPhone, clientId: entry.clientId as never, conversationId: chat, seq: entry.seq })),
    marks: [{ where: 'server', conversationId: chat, user: bob, delivered: seq(2), read: seq(1) }],
    logs: new Map([[chat, log]]),
    spans: [{ conversationId: chat, user: bob, joinedSeq: seq(1), removedSeq: null }],
    views: [{ user: bob, device: bobPhone, conversations: [view(log, shown)] }],
    ...changes,
  };
}

const rulesOf = (given: History): string[] => [...new Set(checkHistory(given).map((violation) => violation.rule))];

describe('the checkers', () => {
  test('find nothing wrong with a sound history', () => expect(checkHistory(history())).toEqual([]));
  test('INV1 an acknowledged message that is gone', () => expect(rulesOf(history({ logs: new Map([[chat, log.slice(0, 1)]]) }))).toContain('INV1'));
  test('INV1 a message that a device does not show', () => expect(rulesOf(history({}, { rows: view(log).rows.slice(1) }))).toContain('INV1'));
  test('INV1 a message that nobody sent', () => expect(rulesOf(history({ sends: [] }))).toContain('INV1'));
  test('INV2 a later copy that shows', () => {
    const doubled = [...log, message(3, 'message-1')];
    expect(rulesOf(history({ logs: new Map([[chat, doubled]]), views: [{ user: bob, device: bobPhone, conversations: [view(doubled)] }] }))).toContain('INV2');
  });
  test('INV4 a hole', () => expect(rulesOf(history({ logs: new Map([[chat, [message(1, 'message-1'), message(3, 'message-2')]]]) }))).toContain('INV4'));
  test('INV5 a mark that goes back', () => {
    const mark = (delivered: Seq, read: Seq) => ({ where: 'server', conversationId: chat, user: bob, delivered, read });
    expect(rulesOf(history({ marks: [mark(seq(2), seq(2)), mark(seq(2), seq(1))] }))).toEqual(['INV5']);
    expect(rulesOf(history({ marks: [mark(seq(1), seq(2))] }))).toEqual(['INV5']);
  });
  test('INV6 an unread count that differs from the log', () => expect(rulesOf(history({}, { unread: 1 }))).toEqual(['INV6']));
  test('INV7 a device that stayed behind, and a send that waits', () => {
    expect(rulesOf(history({}, { head: seq(1) }))).toContain('INV7');
    expect(rulesOf(history({}, { waiting: [clientId('message-9')] }))).toEqual(['INV7']);
  });
  test('INV8 rows beyond a removed member’s span', () => {
    const removed = { conversationId: chat, user: bob, joinedSeq: seq(1), removedSeq: seq(1) };
    expect(rulesOf(history({ spans: [removed] }))).toContain('INV8');
  });
  test('INV11 a row that does not show its edit', () => {
    const edited: Entry[] = [...log, { ...message(3, 'message-3', 'new'), kind: 'edit', target: seq(1) }];
    const rows = view(log).rows;
    const sends = [...history().sends, { user: ann, device: annPhone, clientId: clientId('message-3'), conversationId: chat, kind: 'edit', content: 'new' }];
    const given = (shown: typeof rows) =>
      history({ sends, logs: new Map([[chat, edited]]), views: [{ user: bob, device: bobPhone, conversations: [view(edited, { rows: shown, unread: 2 })] }] });
    expect(rulesOf(given(rows))).toEqual(['INV11']);
    expect(rulesOf(given(rows.map((row) => (row.seq === 1 ? { ...row, content: 'new' } : row))))).toEqual([]);
  });
});
