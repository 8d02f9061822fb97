import type { ErrorCode } from '@tidings/api/errors';
import { accountId, type ConversationId, directId, seq, type UserId } from '@tidings/api/ids';
import { appRouter, createCaller } from '@tidings/api/router';
import { type Caller, domainErrorOf } from '@tidings/api/trpc';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { someClientId, World } from './testing/world.ts';

/**
 * Every procedure × everybody who might call it. A new procedure fails the first test until somebody has decided, here, what each of
 * them gets. `removed` is a past member of the group; `stranger` shares nothing with anybody; `operator` runs the server, and is nobody
 * in a conversation.
 */
const roles = ['nobody', 'stranger', 'removed', 'member', 'admin', 'owner', 'operator'] as const;
type Role = (typeof roles)[number];
type Outcome = 'ok' | ErrorCode;
type Row = {
  readonly input: (scene: Scene) => unknown;
  readonly outcome: Outcome | Partial<Record<Role, Outcome>>;
};

/** What one's own things are, or things for everybody who is signed in, is the same for all of them. */
const own = (input: Row['input'] = () => undefined, outcome: Outcome = 'ok'): Row => ({ input, outcome });
/** Of the group: strangers mustn't learn that it exists. */
const ofGroup = (input: Row['input'], outcome: Partial<Record<Role, Outcome>>): Row => ({
  input,
  outcome: { stranger: 'not-found', operator: 'not-found', ...outcome },
});
/** ADM1: of the whole server. */
const forOperators = (input: Row['input'] = () => undefined, operator: Outcome = 'ok'): Row => ({
  input,
  outcome: {
    stranger: 'not-allowed',
    removed: 'not-allowed',
    member: 'not-allowed',
    admin: 'not-allowed',
    owner: 'not-allowed',
    operator,
  },
});
const forMembers: Partial<Record<Role, Outcome>> = { removed: 'not-a-member' };
const forAdmins: Partial<Record<Role, Outcome>> = { removed: 'not-a-member', member: 'not-an-admin' };

const someHashes = () => ({ id: 'i'.repeat(43), check: 'c'.repeat(86), bytes: 1_000 });

const someUsername = () => `some-bot-${someClientId()}`.toLowerCase().slice(0, 30);

const table: Record<string, Row> = {
  'asset.offer': own(() => ({ assets: [someHashes()] })),
  'asset.links': ofGroup(({ group }) => ({ conversationId: group, assets: [someHashes().id] }), {}),
  'asset.usage': own(),
  'sync.heads': own(({ group }) => ({ only: [group] })),
  'sync.stream': own(),
  // Sends and ranges fail one by one, in their results: `refusalIn` looks there.
  'message.send': ofGroup(
    ({ group }) => ({
      messages: [{ conversationId: group, clientId: someClientId(), kind: 'message', content: 'x' }],
    }),
    forMembers,
  ),
  'message.read': ofGroup(
    ({ group }) => ({ ranges: [{ conversationId: group, first: 1, last: 10, from: 'oldest', limit: 10 }] }),
    {},
  ),
  // Of a message by the owner.
  'message.info': ofGroup(({ group, message }) => ({ conversationId: group, seq: message }), {
    removed: 'not-allowed',
    member: 'not-allowed',
    admin: 'not-allowed',
  }),
  'receipt.mark': ofGroup(({ group }) => ({ marks: [{ conversationId: group, delivered: 1, read: 1 }] }), {}),
  'conversation.open': own(({ people }) => ({ userId: people.other.userId })),
  'conversation.members': ofGroup(({ group }) => ({ conversationId: group }), forMembers),
  'group.create': own(({ people }) => ({
    clientId: someClientId(),
    name: 'Another',
    members: [people.other.userId],
  })),
  'group.update': ofGroup(({ group }) => ({ conversationId: group, name: 'Renamed' }), forAdmins),
  'group.add': ofGroup(
    ({ group, people }) => ({ conversationId: group, userIds: [people.other.userId] }),
    forAdmins,
  ),
  'group.remove': ofGroup(
    ({ group, people }) => ({ conversationId: group, userId: people.second.userId }),
    forAdmins,
  ),
  'group.setRole': ofGroup(
    ({ group, people }) => ({ conversationId: group, userId: people.second.userId, role: 'admin' }),
    forAdmins,
  ),
  // Leaving again changes nothing.
  'group.leave': ofGroup(({ group }) => ({ conversationId: group }), {}),
  'user.me': own(),
  'user.update': own(() => ({ about: 'hello' })),
  'user.profiles': own(({ people }) => ({ userIds: [people.other.userId] })),
  'user.search': own(() => ({ query: 'other' })),
  'device.list': own(),
  // Somebody else's session is no session of one's own.
  'device.revoke': own(({ people }) => ({ sessionId: people.other.sessionId }), 'not-found'),
  'device.revokeOthers': own(),
  'device.rename': own(({ people }) => ({ sessionId: people.other.sessionId, name: 'Mine' }), 'not-found'),
  'presence.watch': own(({ group, people }) => ({
    userIds: [people.other.userId],
    conversationIds: [group],
  })),
  'presence.act': own(() => ({ act: 'act' })),
  'presence.typing': ofGroup(({ group }) => ({ conversationId: group, typing: true }), forMembers),
  'account.snapshot': own(() => ({})),
  'account.put': own(({ group }) => ({ items: [{ key: `pin:${group}`, value: 1 }] })),
  'invite.create': own(() => ({ uses: 1 })),
  'invite.list': own(),
  'invite.revoke': own(({ invite }) => ({ code: invite }), 'not-found'),
  'developer.bots': own(),
  'developer.createBot': own(() => ({ username: someUsername(), displayName: 'Weather' })),
  'developer.keys': own(),
  // The bot of somebody else, and a key of somebody else.
  'developer.createKey': own(({ bot }) => ({ botId: bot, name: 'at home', scopes: ['send'] }), 'not-found'),
  'developer.revokeKey': own(({ key }) => ({ id: key }), 'not-found'),
  'report.file': ofGroup(
    ({ group, message }) => ({ conversationId: group, seq: message, reason: 'spam', note: '', excerpt: 'x' }),
    // Of a message by the owner, who can't report themselves.
    { owner: 'not-allowed' },
  ),
  'admin.accounts': forOperators(() => ({ query: '', after: null })),
  'admin.suspend': forOperators(({ people }) => ({ userId: people.second.userId })),
  // Nobody is.
  'admin.unsuspend': forOperators(({ people }) => ({ userId: people.second.userId }), 'not-found'),
  'admin.signOut': forOperators(({ people }) => ({ userId: people.second.userId })),
  'admin.resetPassword': forOperators(({ people }) => ({ userId: people.second.userId })),
  'admin.makeOperator': forOperators(({ people }) => ({ userId: people.second.userId })),
  'admin.takeOperator': forOperators(({ people }) => ({ userId: people.second.userId }), 'not-found'),
  'admin.audit': forOperators(() => ({ before: null })),
  'admin.reports': forOperators(() => ({ state: 'open', before: null })),
  'admin.closeReport': forOperators(({ report }) => ({ id: report, as: 'dismissed' })),
  'admin.invites': forOperators(),
  'admin.createInvite': forOperators(() => ({ uses: 1 })),
  'admin.revokeInvite': forOperators(({ invite }) => ({ code: invite })),
  'admin.signUp': forOperators(),
  'admin.setSignUp': forOperators(() => ({ signUp: 'invite' })),
};

type Scene = {
  readonly people: Record<Exclude<Role, 'nobody'> | 'second' | 'other', Caller>;
  readonly group: ConversationId;
  /** By the owner, while all were members. */
  readonly message: number;
  /** Of the `other`. */
  readonly invite: string;
  readonly bot: UserId;
  /** To that bot. */
  readonly key: string;
  readonly report: string;
};

let world: World;
let scene: Scene;

async function setScene(): Promise<void> {
  world = await World.start();
  const [owner, admin, member, second, removed, stranger, other, operator] = await world.people(
    'the-owner',
    'the-admin',
    'the-member',
    'the-second',
    'the-removed',
    'the-stranger',
    'the-other',
    'the-operator',
  );
  const where = { id: operator.userId };
  await world.directory.client.user.update({ where, data: { role: 'operator' } });
  const group = await world.group(owner, admin, member, second, removed);
  const { groups, invites, developer } = world.services();
  await world.do(groups.setRole(owner, group, admin.userId, 'admin'));
  const message = await world.sent(owner, group);
  await world.do(groups.remove(owner, group, removed.userId));
  const { code } = await world.do(invites.create(other, 1));
  const named = { username: someUsername(), displayName: 'Weather', about: '' };
  const { userId: bot } = await world.do(developer.createBot(other, named));
  const wish = { botId: bot, name: 'at home', scopes: ['send' as const] };
  const { key } = await world.do(developer.createKey(other, wish));
  const complaint = { reason: 'abuse', note: '', excerpt: 'x' } as const;
  await world.do(world.services().reports.file(member, { conversationId: group, seq: message, ...complaint }));
  const [filed] = await world.directory.reports.list('open', null, 1);
  scene = {
    people: { owner, admin, member, second, removed, stranger, other, operator },
    group,
    message,
    invite: code,
    bot,
    key: key.id,
    report: filed!.id,
  };
}
const endScene = () => world[Symbol.asyncDispose]();

/** For tests that change something. */
function sceneForEach(): void {
  beforeEach(setScene);
  afterEach(endScene);
}
/** For tests of what changes nothing. */
function sceneForAll(): void {
  beforeAll(setScene);
  afterAll(endScene);
}

const procedures = Object.keys(appRouter._def.procedures).sort();
const isSubscription = (path: string) => procedureOf(path)._def.type === 'subscription';
const procedureOf = (path: string) =>
  (
    appRouter._def.procedures as unknown as Record<
      string,
      { _def: { type: string; inputs: readonly unknown[] } }
    >
  )[path]!;

async function call(path: string, caller: Caller | null, input: unknown): Promise<Outcome> {
  const api = createCaller({ services: world.services(), caller }) as unknown as Record<
    string,
    Record<string, (input: unknown) => Promise<unknown>>
  >;
  const [topic = '', name = ''] = path.split('.');
  try {
    const answer = await world.do(Promise.resolve(api[topic]![name]!(input)));
    if (isSubscription(path))
      await world.do((answer as AsyncIterable<unknown>)[Symbol.asyncIterator]().next());
    return refusalIn(answer) ?? 'ok';
  } catch (error) {
    return domainErrorOf(error).code;
  }
}

/** The error of the one message or range that was asked for. */
function refusalIn(answer: unknown): ErrorCode | null {
  const [only] = Array.isArray(answer) ? (answer as readonly { error?: ErrorCode }[]) : [];
  return only?.error ?? null;
}

const expected = ({ outcome }: Row, role: Role): Outcome => {
  if (role === 'nobody') return 'not-signed-in';
  return typeof outcome === 'string' ? outcome : (outcome[role] ?? 'ok');
};
const callerOf = (role: Role): Caller | null => (role === 'nobody' ? null : scene.people[role]);

test('ACC1 the table knows every procedure, and no other', () => {
  expect(Object.keys(table).sort()).toEqual(procedures);
});

describe('ACC1 ACC3 ACC5 who may call what', () => {
  sceneForEach();

  test.each(procedures)('%s', async (path) => {
    const row = table[path] as Row;
    for (const role of roles) {
      expect({ role, outcome: await call(path, callerOf(role), row.input(scene)) }).toEqual({
        role,
        outcome: expected(row, role),
      });
    }
  });
});

describe('ACC1 what the owner, an admin and a member may do to each other', () => {
  sceneForEach();

  const remove = (by: Caller, who: Caller) =>
    call('group.remove', by, { conversationId: scene.group, userId: who.userId });
  const setRole = (by: Caller, who: Caller, role: string) =>
    call('group.setRole', by, { conversationId: scene.group, userId: who.userId, role });

  test('nobody removes the owner, nor gives ownership but the owner', async () => {
    const { owner, admin, member, second } = scene.people;
    expect(await remove(admin, owner)).not.toBe('ok');
    expect(await remove(owner, owner)).not.toBe('ok');
    for (const role of ['admin', 'member']) expect(await setRole(admin, owner, role)).not.toBe('ok');
    expect(await setRole(admin, second, 'owner')).not.toBe('ok');
    expect(await setRole(member, member, 'admin')).toBe('not-an-admin');
    expect(await setRole(owner, second, 'owner')).toBe('ok');
  });
});

/** Wrong in form, whatever the procedure. */
const junk: readonly unknown[] = [
  null,
  7,
  'text',
  [],
  { nonsense: true },
  { conversationId: 5 },
  { messages: 'none' },
  { userIds: [{}] },
];
const big = 'x'.repeat(2_000_000);

/** Wrong in ways of its own: types, sizes, counts, ids that aren't. */
const badInputs: Record<string, readonly unknown[]> = {
  'asset.offer': [
    { assets: [] },
    { assets: many(21, someHashes) },
    { assets: [{ ...someHashes(), id: '../../../etc/passwd' }] },
    { assets: [{ ...someHashes(), check: 'short' }] },
    { assets: [{ ...someHashes(), bytes: 0 }] },
    { assets: [{ ...someHashes(), bytes: 1.5 }] },
    { assets: [{ ...someHashes(), bytes: 2 ** 40 }] },
    { assets: [someHashes(), { ...someHashes(), bytes: 2_000 }] },
  ],
  'asset.links': [
    { conversationId: 'group:aaaaaaaa', assets: [] },
    { conversationId: 'group:aaaaaaaa', assets: many(101, () => someHashes().id) },
    { conversationId: 'group:aaaaaaaa', assets: ['..'] },
    { conversationId: 'nowhere', assets: [someHashes().id] },
  ],
  'sync.heads': [
    { limit: 0 },
    { limit: 201 },
    { limit: 1.5 },
    { only: [] },
    { only: ['group:x'] },
    { only: many(201, () => 'group:aaaaaaaa') },
    { cursor: big },
  ],
  'message.send': [
    { messages: [] },
    { messages: many(65, message) },
    { messages: [{ ...message(), content: big }] },
    { messages: [{ ...message(), kind: 'change' }] },
    { messages: [{ ...message(), clientId: 'short' }] },
    { messages: [{ ...message(), assets: [] }] },
    { messages: [{ ...message(), assets: ['x'] }] },
    { messages: [{ ...message(), assets: many(21, () => someHashes().id) }] },
    { messages: [{ ...message(), target: -1 }] },
    { messages: [{ ...message(), retrySince: 2 ** 60 }] },
    { messages: [{ ...message(), conversationId: 'direct:bbbbbbbb:aaaaaaaa' }] },
  ],
  'message.read': [
    { ranges: [] },
    { ranges: many(65, range) },
    { ranges: [{ ...range(), limit: 0 }] },
    { ranges: [{ ...range(), limit: 1_001 }] },
    { ranges: [{ ...range(), from: 'middle' }] },
    { ranges: [{ ...range(), first: -5 }] },
    { ranges: [{ ...range(), last: Number.NaN }] },
  ],
  'message.info': [{ conversationId: 'group:aaaaaaaa' }, { conversationId: 'group:aaaaaaaa', seq: '1' }],
  'receipt.mark': [
    { marks: [] },
    { marks: many(201, mark) },
    { marks: [{ ...mark(), delivered: -1 }] },
    { marks: [{ ...mark(), read: 0.5 }] },
  ],
  'conversation.open': [{ userId: '' }, { userId: big }, { userId: 'ünïcode-id' }],
  'conversation.members': [{ conversationId: '' }, { conversationId: 'group:aaaaaaaa', cursor: big }],
  'group.create': [
    { clientId: 'client-0001', name: '', members: [] },
    { clientId: 'client-0001', name: big, members: [] },
    { clientId: 'client-0001', name: 'x', members: many(1_024, (at) => `user-${at}-000`) },
  ],
  'group.update': [
    { conversationId: 'group:aaaaaaaa', name: ' ' },
    { conversationId: 'group:aaaaaaaa', iconId: '../etc' },
  ],
  'group.add': [
    { conversationId: 'group:aaaaaaaa', userIds: [] },
    { conversationId: 'group:aaaaaaaa', userIds: many(1_025, (at) => `user-${at}-000`) },
  ],
  'group.remove': [{ conversationId: 'group:aaaaaaaa' }],
  'group.setRole': [{ conversationId: 'group:aaaaaaaa', userId: 'user-aaaa', role: 'king' }],
  'group.leave': [{ conversationId: 'nowhere' }],
  'user.update': [
    { displayName: '' },
    { displayName: big },
    { about: big },
    { lastSeenAudience: 'friends' },
    { readReceipts: 'no' },
  ],
  'user.profiles': [{ userIds: [] }, { userIds: many(201, (at) => `user-${at}-000`) }],
  'user.search': [{ query: big }, {}],
  'device.revoke': [{ sessionId: '' }],
  'device.rename': [
    { sessionId: 'session-0', name: '' },
    { sessionId: 'session-0', name: big },
  ],
  'presence.watch': [
    { userIds: many(201, (at) => `user-${at}-000`), conversationIds: [] },
    { userIds: [], conversationIds: many(51, () => 'group:aaaaaaaa') },
  ],
  'presence.act': [{ act: 'dance' }],
  'presence.typing': [{ conversationId: 'group:aaaaaaaa', typing: 'yes' }],
  'account.snapshot': [{ cursor: big }],
  'account.put': [
    { items: [] },
    { items: many(101, (at) => ({ key: `star:group:aaaaaaaa:${at}`, value: 1 })) },
    { items: [{ key: 'conversation:group:aaaaaaaa', value: 1 }] },
    { items: [{ key: 'draft:group:aaaaaaaa', value: { text: 5 } }] },
  ],
  'invite.create': [{ uses: 0 }, { uses: 101 }],
  'invite.revoke': [{ code: big }],
  'developer.createBot': [
    { username: 'X', displayName: 'Weather' },
    { username: 'weather', displayName: ' ' },
    { username: 'weather', displayName: 'Weather', about: big },
  ],
  'developer.createKey': [
    { botId: '../..', name: 'at home', scopes: ['send'] },
    { botId: 'aaaaaaaa', name: '', scopes: ['send'] },
    { botId: 'aaaaaaaa', name: 'at home', scopes: [] },
    { botId: 'aaaaaaaa', name: 'at home', scopes: ['everything'] },
  ],
  'developer.revokeKey': [{ id: big }],
  'report.file': [
    { ...report(), reason: 'dull' },
    { ...report(), excerpt: big },
    { ...report(), note: big },
    { ...report(), seq: -1 },
  ],
  'admin.accounts': [{ query: big, after: null }, { query: '' }, { query: '', after: { name: 'x' } }],
  ...Object.fromEntries(
    ['suspend', 'unsuspend', 'signOut', 'resetPassword', 'makeOperator', 'takeOperator'].map(
      (act): [string, readonly unknown[]] => [
        `admin.${act}`,
        [{ userId: '' }, { userId: big }, { userId: '../..' }],
      ],
    ),
  ),
  'admin.audit': [{ before: 0 }, { before: 1.5 }, {}],
  'admin.reports': [
    { state: 'lost', before: null },
    { state: 'open', before: -1 },
  ],
  'admin.closeReport': [{ id: big, as: 'resolved' }, { id: 'x', as: 'open' }],
  'admin.createInvite': [{ uses: 0 }, { uses: 101 }],
  'admin.revokeInvite': [{ code: big }],
  'admin.setSignUp': [{ signUp: 'closed' }],
};

function many<T>(count: number, make: (at: number) => T): T[] {
  return Array.from({ length: count }, (_, at) => make(at));
}
function message() {
  return { conversationId: 'group:aaaaaaaa', clientId: 'client-0001', kind: 'message', content: 'x' };
}
function report() {
  return { conversationId: 'group:aaaaaaaa', seq: 1, reason: 'spam', note: '', excerpt: 'x' };
}
function range() {
  return { conversationId: 'group:aaaaaaaa', first: 1, last: 1, from: 'oldest', limit: 1 };
}
function mark() {
  return { conversationId: 'group:aaaaaaaa', delivered: 1, read: 1 };
}

describe('WIRE2 input of the wrong form', () => {
  sceneForAll();

  const taking = procedures.filter((path) => procedureOf(path)._def.inputs.length > 0);

  test('every procedure that takes input has bad input to be tried with', () => {
    expect(Object.keys(badInputs).sort()).toEqual(taking);
  });

  test.each(taking)('%s refuses it as such, and changes nothing', async (path) => {
    const log = await world.log(scene.people.owner, scene.group);
    for (const input of [...junk, ...(badInputs[path] ?? [])]) {
      if (acceptsAnyObject(path) && isPlain(input)) continue;
      // Others learn nothing of how the input would have to be.
      const caller = path.startsWith('admin.') ? scene.people.operator : scene.people.owner;
      expect({ input: shown(input), outcome: await call(path, caller, input) }).toEqual({
        input: shown(input),
        outcome: 'bad-input',
      });
    }
    expect(await world.log(scene.people.owner, scene.group)).toEqual(log);
  });

  /** All of its fields may be left out, and unknown ones are skipped: newer clients may say more. */
  const acceptsAnyObject = (path: string) =>
    ['sync.heads', 'user.update', 'account.snapshot', 'invite.create'].includes(path);
  const isPlain = (input: unknown) =>
    typeof input === 'object' && input !== null && !Array.isArray(input) && junk.includes(input);
  const shown = (input: unknown) => JSON.stringify(input)?.slice(0, 100);
});

describe('ACC3 WIRE2 ids of nothing', () => {
  sceneForAll();

  const unknown: Record<string, { input: unknown; outcome: Outcome }> = {
    'asset.links': {
      input: { conversationId: 'group:aaaaaaaa', assets: [someHashes().id] },
      outcome: 'not-found',
    },
    'message.send': { input: { messages: [message()] }, outcome: 'not-found' },
    'message.read': { input: { ranges: [range()] }, outcome: 'not-found' },
    'message.info': { input: { conversationId: 'group:aaaaaaaa', seq: 1 }, outcome: 'not-found' },
    'receipt.mark': { input: { marks: [mark()] }, outcome: 'not-found' },
    'conversation.open': { input: { userId: 'user-of-nobody' }, outcome: 'not-found' },
    'conversation.members': { input: { conversationId: 'group:aaaaaaaa' }, outcome: 'not-found' },
    'group.create': {
      input: { clientId: 'client-0001', name: 'x', members: ['user-of-nobody'] },
      outcome: 'not-found',
    },
    'group.update': { input: { conversationId: 'group:aaaaaaaa', name: 'x' }, outcome: 'not-found' },
    'group.add': {
      input: { conversationId: 'group:aaaaaaaa', userIds: ['user-of-nobody'] },
      outcome: 'not-found',
    },
    'group.remove': {
      input: { conversationId: 'group:aaaaaaaa', userId: 'user-of-nobody' },
      outcome: 'not-found',
    },
    'group.setRole': {
      input: { conversationId: 'group:aaaaaaaa', userId: 'user-of-nobody', role: 'member' },
      outcome: 'not-found',
    },
    'group.leave': { input: { conversationId: 'group:aaaaaaaa' }, outcome: 'not-found' },
    'device.revoke': { input: { sessionId: 'session-of-nobody' }, outcome: 'not-found' },
    'device.rename': { input: { sessionId: 'session-of-nobody', name: 'x' }, outcome: 'not-found' },
    'presence.typing': { input: { conversationId: 'group:aaaaaaaa', typing: true }, outcome: 'not-found' },
    'invite.revoke': { input: { code: 'code-of-nothing' }, outcome: 'not-found' },
  };

  test.each(Object.keys(unknown))('%s', async (path) => {
    const { input, outcome } = unknown[path]!;
    expect(await call(path, scene.people.owner, input)).toBe(outcome);
  });

  test('an account log is nobody’s conversation', async () => {
    const { owner, other } = scene.people;
    for (const conversationId of [accountId(owner.userId), accountId(other.userId)]) {
      expect(await call('conversation.members', owner, { conversationId })).not.toBe('ok');
      expect(await call('group.leave', owner, { conversationId })).not.toBe('ok');
      expect(
        await call('receipt.mark', owner, { marks: [{ conversationId, delivered: 1, read: 1 }] }),
      ).not.toBe('ok');
      expect(await call('presence.typing', owner, { conversationId, typing: true })).not.toBe('ok');
    }
  });

  test('a direct conversation is no group', async () => {
    const { owner, other } = scene.people;
    const conversationId = directId(owner.userId, other.userId);
    await world.do(world.services().conversations.open(owner, other.userId));
    const { userId } = other;
    for (const [path, input] of [
      ['group.update', { name: 'x' }],
      ['group.add', { userIds: [userId] }],
      ['group.remove', { userId }],
      ['group.leave', {}],
    ] as const) {
      expect(await call(path, owner, { conversationId, ...input })).toBe('not-found');
    }
  });
});

describe('WIRE2 what fails inside', () => {
  sceneForEach();

  test('is told with a code, and without a word from inside', async () => {
    world.ports.messages.heads = () => Promise.reject(new Error('SQLITE_IOERR: /home/somebody/tidings.db'));
    const api = createCaller({ services: world.services(), caller: scene.people.owner });
    const error = await world.do(api.sync.heads({})).catch((reason: unknown) => reason);
    expect(domainErrorOf(error).code).toBe('internal');
    expect(String((error as Error).message)).not.toContain('SQLITE');
  });

  test('a replayed or reordered call changes nothing more', async () => {
    const { owner } = scene.people;
    const once = {
      conversationId: scene.group,
      clientId: someClientId(),
      kind: 'message' as const,
      content: 'once',
    };
    const [first] = await world.sendAll(owner, [once]);
    const marks = [4, 2, 3].map((at) => ({ conversationId: scene.group, delivered: seq(at), read: seq(at) }));
    for (const mark of marks) await world.do(world.services().receipts.mark(owner, [mark]));
    expect(await world.sendAll(owner, [{ ...once, retrySince: seq(0) }])).toEqual([
      { ...first, again: true },
    ]);
    const { heads } = await world.do(world.services().sync.heads(owner, { limit: 1, only: [scene.group] }));
    expect(heads[0]).toMatchObject({ delivered: 4, read: 4 });
  });
});
