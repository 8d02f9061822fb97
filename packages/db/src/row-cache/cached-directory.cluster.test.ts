import { secureId, systemClock } from '@tidings/api/clock';
import { deviceId, directId, type SessionId, seq, sessionId, type UserId, userId } from '@tidings/api/ids';
import { redisOfTests } from '@tidings/redis/testing/redis';
import type { Redis } from 'ioredis';
import { afterAll, expect, test, vi } from 'vitest';
import { type DirectoryUnderTest, describeDirectory } from '../directory/contract.ts';
import { openEmbeddedDirectory } from '../directory/embedded.ts';
import { someUser } from '../testing/make.ts';
import { cachedDirectory } from './cached-directory.ts';

const { prefix, connect, connectThroughProxy, keys } = redisOfTests('cache');
const store = await openEmbeddedDirectory(':memory:');
afterAll(() => store.close());

/** The directory as a process sees it, with a cache that it shares with others. */
const through = (redis: Redis) => cachedDirectory({ ...store, redis, clock: systemClock, prefix });

const addUser: DirectoryUnderTest['addUser'] = async ({ id, username, name }) => {
  const email = `${id}@users.invalid`;
  await store.client.user.create({ data: { id, name, username, displayUsername: username, email } });
};
const addSession: DirectoryUnderTest['addSession'] = async (session) => {
  await store.client.session.create({ data: session });
};

describeDirectory('SQLite behind the cache', async () => ({
  ...through(await connect()),
  invites: store.invites,
  addUser,
  addSession,
  close: async () => {},
}));

async function person(name = 'Ann'): Promise<UserId> {
  const id = someUser();
  await addUser({ id, username: id.toLowerCase(), name });
  return id;
}
async function signedIn(user: UserId, device: string | null = secureId()) {
  const session = {
    id: secureId(),
    token: secureId(),
    userId: user,
    expiresAt: new Date(Date.now() + 60_000),
  };
  await addSession(session);
  const id = sessionId(session.id);
  if (device) await store.sessions.bind(id, { deviceId: deviceId(device) });
  return { id, token: session.token };
}
/** Fills happen behind the caller's back, and not soon after a change: reads until the store isn't asked any more. */
async function untilCached(ask: () => Promise<unknown>, storeIsAsked: { mock: { calls: unknown[] } }) {
  const isCached = async () => {
    const before = storeIsAsked.mock.calls.length;
    await ask();
    expect(storeIsAsked.mock.calls).toHaveLength(before);
  };
  await vi.waitFor(isCached, { timeout: 15_000 });
}

test('what one process read, others get without asking the store, until somebody changes it', async () => {
  const [one, two, ann] = [through(await connect()), through(await connect()), await person()];
  const profiles = vi.spyOn(store.users, 'profiles');
  const name = async () => (await two.users.profiles([ann]))[0]?.displayName;
  await one.users.profiles([ann]);
  await untilCached(name, profiles);
  expect(await name()).toBe('Ann');
  await one.users.update(ann, { displayName: 'Annabel' });
  expect(await name()).toBe('Annabel');
});

test('a change that fails half-way is read from the store as well', async () => {
  const [one, ann] = [through(await connect()), await person()];
  const profiles = vi.spyOn(store.users, 'profiles');
  const name = async () => (await one.users.profiles([ann]))[0]?.displayName;
  await untilCached(name, profiles);
  const update = store.users.update.bind(store.users);
  vi.spyOn(store.users, 'update').mockImplementationOnce(async (...change) => {
    await update(...change);
    throw new Error('the answer got lost');
  });
  await expect(one.users.update(ann, { displayName: 'Annabel' })).rejects.toThrow('the answer got lost');
  expect(await name()).toBe('Annabel');
});

test('a slow reader doesn’t bring back what changed while it read', async () => {
  const [slow, quick, ann] = [through(await connect()), through(await connect()), await person()];
  const profiles = store.users.profiles.bind(store.users);
  const { promise: changed, resolve: go } = Promise.withResolvers<void>();
  const { promise: hasRead, resolve: read } = Promise.withResolvers<void>();
  vi.spyOn(store.users, 'profiles').mockImplementationOnce(async (users) => {
    const old = await profiles(users);
    read();
    await changed;
    return old;
  });
  const old = slow.users.profiles([ann]);
  await hasRead;
  await quick.users.update(ann, { displayName: 'Annabel' });
  go();
  expect((await old)[0]?.displayName).toBe('Ann');
  expect((await slow.users.profiles([ann]))[0]?.displayName).toBe('Annabel');
});

test('GRP1 a changed group is seen at once by every process, and so is each member’s list', async () => {
  const [one, two] = [through(await connect()), through(await connect())];
  const [ann, bob] = [await person(), await person()];
  const id = directId(ann, bob);
  const [conversations, memberships] = [
    vi.spyOn(store.conversations, 'conversations'),
    vi.spyOn(store.conversations, 'membershipsOf'),
  ];
  expect(await two.conversations.membershipsOf([ann, bob])).toEqual([[], []]);
  const members = [ann, bob].map((user) => ({ userId: user, role: 'member' as const, joinedSeq: seq(1) }));
  await one.conversations.create({ id, createdBy: ann, createdAt: 1, members });
  expect(await two.conversations.membershipsOf([bob, ann])).toMatchObject([
    [{ userId: bob }],
    [{ userId: ann }],
  ]);
  await untilCached(() => two.conversations.conversations([id]), conversations);

  const leave = { id: secureId(), conversationId: id, by: ann, createdAt: 2, content: '{}' };
  const intent = { ...leave, effects: [{ type: 'leave' as const, userId: bob }] };
  await one.conversations.intend(intent);
  await one.conversations.apply(intent, seq(7), 7);
  const [record] = await two.conversations.conversations([id]);
  expect(record?.members.find(({ userId: user }) => user === bob)?.removedSeq).toBe(7);
  expect((await two.conversations.membershipsOf([bob]))[0]?.[0]?.removedSeq).toBe(7);
  expect(memberships).toHaveBeenCalled();
});

test('GRP1 a change that is done is seen before its answer is there', async () => {
  const [one, two] = [through(await connect()), through(await connect())];
  const [ann, bob] = [await person(), await person()];
  const id = directId(ann, bob);
  const members = [ann, bob].map((user) => ({ userId: user, role: 'member' as const, joinedSeq: seq(1) }));
  await one.conversations.create({ id, createdBy: ann, createdAt: 1, members });
  const conversations = vi.spyOn(store.conversations, 'conversations');
  await untilCached(() => two.conversations.conversations([id]), conversations);
  const apply = store.conversations.apply.bind(store.conversations);
  const [done, answer] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  vi.spyOn(store.conversations, 'apply').mockImplementationOnce(async (...change) => {
    const record = await apply(...change);
    done.resolve();
    await answer.promise;
    return record;
  });
  const leave = { id: secureId(), conversationId: id, by: ann, createdAt: 2, content: '{}' };
  const intent = { ...leave, effects: [{ type: 'leave' as const, userId: bob }] };
  await one.conversations.intend(intent);
  const applying = one.conversations.apply(intent, seq(7), 7);
  await done.promise;
  const [record] = await two.conversations.conversations([id]);
  expect(record?.members.find(({ userId: user }) => user === bob)?.removedSeq).toBe(7);
  answer.resolve();
  await applying;
});

test('SESS1 a session that was removed is no session in any process', async () => {
  const [one, two, ann] = [through(await connect()), through(await connect()), await person()];
  const byTokens = vi.spyOn(store.sessions, 'byTokens');
  const [phone, laptop, tablet] = [await signedIn(ann), await signedIn(ann), await signedIn(ann)];
  const tokens = [phone.token, laptop.token, tablet.token];
  const found = async (): Promise<SessionId[]> =>
    (await two.sessions.byTokens(tokens)).map((session) => session.sessionId);
  await untilCached(found, byTokens);
  expect(await found()).toEqual([phone.id, laptop.id, tablet.id]);
  expect((await two.sessions.byTokens([laptop.token]))[0]?.token).toBe(laptop.token);
  await one.sessions.remove(ann, phone.id);
  expect(await found()).toEqual([laptop.id, tablet.id]);
  await one.sessions.removeOthers(ann, tablet.id);
  expect(await found()).toEqual([tablet.id]);
});

test('a session is kept when it has its device, and not beyond its end', async () => {
  const [redis, ann] = [await connect(), await person()];
  const byTokens = vi.spyOn(store.sessions, 'byTokens');
  const { id, token } = await signedIn(ann, null);
  const { sessions } = through(redis);
  const devices = async () => (await sessions.byTokens([token])).map((session) => session.deviceId);
  expect(await devices()).toEqual([null]);
  const device = deviceId(secureId());
  await sessions.bind(id, { deviceId: device });
  expect(await devices()).toEqual([device]);
  await untilCached(devices, byTokens);
  const later = { ...systemClock, now: () => Date.now() + 120_000 };
  const afterwards = cachedDirectory({ ...store, redis, clock: later, prefix });
  expect(await afterwards.sessions.byTokens([token])).toEqual([]);
});

test('a token isn’t to be found in the cache', async () => {
  const [redis, ann] = [await connect(), await person()];
  const byTokens = vi.spyOn(store.sessions, 'byTokens');
  const { sessions } = through(redis);
  const { token } = await signedIn(ann);
  await untilCached(() => sessions.byTokens([token]), byTokens);
  const all = await keys(redis);
  expect(all.join()).not.toContain(token);
  expect((await redis.mget(all)).join()).not.toContain(token);
});

test('without the cache everything works, from the store', async () => {
  const { proxy, redis } = await connectThroughProxy();
  const [directory, ann] = [through(redis), await person()];
  const { token } = await signedIn(ann);
  proxy.hold();
  const name = async () => (await directory.users.profiles([ann]))[0]?.displayName;
  expect(await name()).toBe('Ann');
  await directory.users.update(ann, { displayName: 'Annabel' });
  expect(await name()).toBe('Annabel');
  proxy.cut();
  expect(await directory.sessions.byTokens([token])).toHaveLength(1);
  expect(await directory.conversations.membershipsOf([ann, userId('nobody-at-all')])).toEqual([[], []]);
});
