import type { Entry } from '@tidings/api/entry';
import { accountId, clientId, deviceId, directId, groupId, type Seq, seq, userId } from '@tidings/api/ids';
import { describe, expect, test } from 'vitest';
import { checkHistory } from './check.ts';
import type { ConversationView, History, Send } from './history.ts';

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
  rows: log.map((entry) => ({
    seq: entry.seq,
    sender: ann,
    device: annPhone,
    clientId: entry.clientId ?? '',
    content: entry.content,
    deleted: false,
    reactions: {},
  })),
  waiting: [],
  ...changes,
});

const log = [message(1, 'message-1'), message(2, 'message-2')];

function history(changes: Partial<History> = {}, shown: Partial<ConversationView> = {}): History {
  return {
    sends: log.map((entry) => ({
      user: ann,
      device: annPhone,
      clientId: entry.clientId as never,
      conversationId: chat,
      kind: 'message',
      content: entry.content,
    })),
    acknowledgements: log.map((entry) => ({
      user: ann,
      device: annPhone,
      clientId: entry.clientId as never,
      conversationId: chat,
      seq: entry.seq,
    })),
    marks: [{ where: 'server', conversationId: chat, user: bob, delivered: seq(2), read: seq(1) }],
    logs: new Map([[chat, log]]),
    spans: [ann, bob].map((user) => ({ conversationId: chat, user, joinedSeq: seq(1), removedSeq: null })),
    views: [{ user: bob, device: bobPhone, conversations: [view(log, shown)] }],
    ...changes,
  };
}

const rulesOf = (given: History): string[] => [
  ...new Set(checkHistory(given).map((violation) => violation.rule)),
];

describe('the checkers', () => {
  test('find nothing wrong with a sound history', () => expect(checkHistory(history())).toEqual([]));
  test('INV1 an acknowledged message that is gone', () =>
    expect(rulesOf(history({ logs: new Map([[chat, log.slice(0, 1)]]) }))).toContain('INV1'));
  test('INV1 a message that a device does not show', () =>
    expect(rulesOf(history({}, { rows: view(log).rows.slice(1) }))).toContain('INV1'));
  test('INV1 a message that nobody sent', () => expect(rulesOf(history({ sends: [] }))).toContain('INV1'));
  test('INV2 a later copy that shows', () => {
    const doubled = [...log, message(3, 'message-1')];
    expect(
      rulesOf(
        history({
          logs: new Map([[chat, doubled]]),
          views: [{ user: bob, device: bobPhone, conversations: [view(doubled)] }],
        }),
      ),
    ).toContain('INV2');
  });
  test('OUT2 sends that changed places', () =>
    expect(rulesOf(history({ sends: [...history().sends].reverse() }))).toEqual(['OUT2']));
  test('OUT3 a send that left the outbox for nowhere', () => {
    const lost = { ...(history().sends[0] as Send), clientId: clientId('message-9') };
    expect(rulesOf(history({ sends: [...history().sends, lost] }))).toEqual(['OUT3']);
    expect(rulesOf(history({ sends: [...history().sends, { ...lost, givenUp: true }] }))).toEqual([]);
  });
  test('LOG7 a deletion that left the content in the store', () => {
    const deletion: Entry = { ...message(3, 'message-3', ''), kind: 'delete', target: seq(1) };
    const sends = [
      ...history().sends,
      { ...(history().sends[0] as Send), clientId: clientId('message-3'), kind: 'delete', content: '' },
    ];
    const given = (first: Entry) => {
      const all = [first, message(2, 'message-2'), deletion];
      const rows = view(log).rows.map((row) =>
        row.seq === 1 ? { ...row, content: '', deleted: true } : row,
      );
      return rulesOf(
        history({
          sends,
          logs: new Map([[chat, all]]),
          views: [{ user: bob, device: bobPhone, conversations: [view(all, { rows, unread: 1 })] }],
        }),
      );
    };
    expect(given({ ...message(1, 'message-1', ''), deleted: true })).toEqual([]);
    expect(given(message(1, 'message-1'))).toContain('LOG7');
  });
  test('INV4 a hole', () =>
    expect(
      rulesOf(history({ logs: new Map([[chat, [message(1, 'message-1'), message(3, 'message-2')]]]) })),
    ).toContain('INV4'));
  test('INV5 a mark that goes back', () => {
    const mark = (delivered: Seq, read: Seq) => ({
      where: 'server',
      conversationId: chat,
      user: bob,
      delivered,
      read,
    });
    expect(rulesOf(history({ marks: [mark(seq(2), seq(2)), mark(seq(2), seq(1))] }))).toEqual(['INV5']);
    expect(rulesOf(history({ marks: [mark(seq(1), seq(2))] }))).toEqual(['INV5']);
  });
  test('INV6 an unread count that differs from the log', () =>
    expect(rulesOf(history({}, { unread: 1 }))).toEqual(['INV6']));
  test('INV6 SEND3 a copy counts for who joined above the first, and for nobody else', () => {
    const doubled = [message(1, 'message-1'), message(2, 'message-2'), message(3, 'message-1')];
    const given = (joined: number, unread: number) => {
      const span = { conversationId: chat, user: bob, joinedSeq: seq(joined), removedSeq: null };
      const shown = view(doubled, { unread, rows: view(doubled).rows.slice(joined - 1) });
      return rulesOf(
        history({
          logs: new Map([[chat, doubled]]),
          spans: [span],
          views: [{ user: bob, device: bobPhone, conversations: [shown] }],
        }),
      );
    };
    expect(given(2, 2)).not.toContain('INV6');
    expect(given(2, 1)).toContain('INV6');
    expect(given(1, 2)).not.toContain('INV6');
  });
  test('INV7 a device that stayed behind, and a send that waits', () => {
    expect(rulesOf(history({}, { head: seq(1) }))).toContain('INV7');
    expect(rulesOf(history({}, { waiting: [clientId('message-9')] }))).toEqual(['INV7']);
  });
  test('INV8 rows beyond a removed member’s span', () => {
    const removed = { conversationId: chat, user: bob, joinedSeq: seq(1), removedSeq: seq(1) };
    expect(rulesOf(history({ spans: [removed] }))).toContain('INV8');
  });
  test('INV8 a position that was given to somebody outside their span', () => {
    const group = groupId('group-000');
    const line = (at: number, content: object): Entry => ({
      ...message(at, `change-${at}`, JSON.stringify(content)),
      conversationId: group,
      kind: 'change',
    });
    const lines = [
      line(1, { type: 'created', name: 'Walks', members: [bob] }),
      line(2, { type: 'removed', user: bob }),
      line(3, { type: 'named', name: 'Hikes' }),
    ];
    const spans = [
      ...history().spans,
      { conversationId: group, user: ann, joinedSeq: seq(1), removedSeq: null },
      { conversationId: group, user: bob, joinedSeq: seq(1), removedSeq: seq(2) },
    ];
    const given = (at: number, changes: Partial<History> = {}) =>
      rulesOf(
        history({
          logs: new Map([
            [chat, log],
            [group, lines],
          ]),
          spans,
          received: [{ user: bob, device: bobPhone, conversationId: group, seq: seq(at), at: 2 }],
          ...changes,
        }),
      );
    expect(given(2)).toEqual([]);
    expect(given(3)).toEqual(['INV8']);
    expect(given(2, { spans: spans.slice(0, 3) })).toEqual(['GRP1']);
  });
  test('ACCT1 account items that differ from the log, and rows that show against them', () => {
    const put = (at: number, key: string, value: unknown): Entry => ({
      ...message(at, `put-${at}-----`, JSON.stringify({ key, value })),
      conversationId: accountId(bob),
      kind: 'account',
    });
    const logs = new Map([
      [chat, log],
      [accountId(bob), [put(1, `pin:${chat}`, 5), put(2, `pin:${chat}`, 7), put(3, `hide:${chat}:1`, true)]],
    ]);
    const given = (pinned: number, hidden: object) => {
      const rows = view(log).rows.map((row) => (row.seq === 1 ? { ...row, ...hidden } : row));
      const items = [
        { key: `pin:${chat}`, value: pinned },
        { key: `hide:${chat}:1`, value: true },
      ];
      return rulesOf(
        history({
          logs,
          views: [{ user: bob, device: bobPhone, conversations: [view(log, { rows, unread: 1 })], items }],
        }),
      );
    };
    expect(given(7, { hidden: true })).toEqual([]);
    expect(given(5, { hidden: true })).toEqual(['ACCT1']);
    expect(given(7, {})).toEqual(['ACCT1']);
  });
  test('MARK4 ticks that show less or more than what is stored of the others', () => {
    const given = (delivered: number, read: number) =>
      rulesOf(
        history({
          storedMarks: [{ conversationId: chat, user: bob, delivered: seq(2), read: seq(1) }],
          views: [
            {
              user: ann,
              device: annPhone,
              conversations: [
                view(log, { unread: 0, others: { delivered: seq(delivered), read: seq(read) } }),
              ],
            },
          ],
        }),
      );
    expect(given(2, 1)).toEqual([]);
    expect(given(1, 1)).toEqual(['MARK4']);
    expect(given(2, 0)).toEqual(['MARK4']);
    expect(given(2, 2)).toEqual(['MARK4']);
  });
  test('INV11 a row that does not show its edit', () => {
    const edited: Entry[] = [...log, { ...message(3, 'message-3', 'new'), kind: 'edit', target: seq(1) }];
    const rows = view(log).rows;
    const sends = [
      ...history().sends,
      {
        user: ann,
        device: annPhone,
        clientId: clientId('message-3'),
        conversationId: chat,
        kind: 'edit',
        content: 'new',
      },
    ];
    const given = (shown: typeof rows) =>
      history({
        sends,
        logs: new Map([[chat, edited]]),
        views: [{ user: bob, device: bobPhone, conversations: [view(edited, { rows: shown, unread: 2 })] }],
      });
    expect(rulesOf(given(rows))).toEqual(['INV11']);
    expect(rulesOf(given(rows.map((row) => (row.seq === 1 ? { ...row, content: 'new' } : row))))).toEqual([]);
  });
});
