import type { EventBatch } from '@tidings/api/events';
import { deviceId } from '@tidings/api/ids';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Person, TestServices } from '../testing/test-services.ts';
import { Operators } from './operators.ts';

let world: TestServices;
let boss: Person;
let anna: Person;

beforeEach(async () => {
  world = await TestServices.start();
  boss = await world.person('boss', 'The Boss');
  anna = await world.person('anna', 'Anna Keller');
  await world.directory.client.user.update({
    where: { id: boss.caller.userId },
    data: { role: 'operator' },
  });
});
afterEach(() => world[Symbol.asyncDispose]());

const refused = (code: string) => expect.objectContaining({ cause: expect.objectContaining({ code }) });
const ofAnna = () => ({ userId: anna.caller.userId });
const sessionsOf = ({ caller }: Person) => world.directory.sessions.ofUser(caller.userId);

/** Opens the device's stream; `ended` is why it was over. */
async function connect(device: Person): Promise<{ readonly ended: Promise<string | null> }> {
  const stream = (await device.api.sync.stream()) as AsyncIterable<EventBatch>;
  const live = Promise.withResolvers<void>();
  const ended = (async () => {
    let reason: string | null = null;
    for await (const batch of stream) {
      live.resolve();
      for (const event of batch) if (event.type === 'bye') reason = event.reason;
    }
    return reason;
  })();
  await live.promise;
  return { ended };
}

describe('ADM1 who is an operator', () => {
  test('ADM1 whoever has the role or is named by the configuration, and nobody who is kept out', async () => {
    const operators = new Operators(world.directory.administration, ['anna']);
    const cleo = await world.person('cleo');
    expect(await operators.is(boss.caller.userId)).toBe(true);
    expect(await operators.is(anna.caller.userId)).toBe(true);
    expect(await operators.is(cleo.caller.userId)).toBe(false);
    await boss.api.admin.makeOperator({ userId: cleo.caller.userId });
    expect(await operators.is(cleo.caller.userId)).toBe(true);
    const where = { id: cleo.caller.userId };
    await world.directory.client.user.update({ where, data: { suspendedAt: new Date() } });
    expect(await operators.is(cleo.caller.userId)).toBe(false);
  });

  test('ADM1 ADM3 a role that is given counts at once, and so does its end', async () => {
    const look = () => anna.api.admin.audit({ before: null });
    await expect(look()).rejects.toEqual(refused('not-allowed'));
    await boss.api.admin.makeOperator(ofAnna());
    await look();
    await boss.api.admin.takeOperator(ofAnna());
    await expect(look()).rejects.toEqual(refused('not-allowed'));
    await expect(boss.api.admin.takeOperator({ userId: boss.caller.userId })).rejects.toEqual(
      refused('not-allowed'),
    );
  });

  test('ADM3 whom the configuration names is neither demoted nor suspended', async () => {
    await world.restart({ operators: ['anna'] });
    const api = world.api(boss.caller);
    await expect(api.admin.suspend(ofAnna())).rejects.toEqual(refused('not-allowed'));
    await expect(api.admin.takeOperator(ofAnna())).rejects.toEqual(refused('not-allowed'));
    const { accounts } = await api.admin.accounts({ query: 'anna', after: null });
    expect(accounts).toMatchObject([{ role: 'operator', configured: true }]);
    // There is another operator always: the last of those by role may go.
    await api.admin.takeOperator({ userId: boss.caller.userId });
  });
});

describe('ADM4 suspending', () => {
  test('ADM4 ends the stream that is open, and all sessions; what was written stays', async () => {
    const opened = await anna.api.conversation.open({ userId: boss.caller.userId });
    const { conversationId } = opened;
    const line = await connect(anna);
    await anna.api.message.send({
      messages: [
        { conversationId, clientId: 'client-0001' as never, kind: 'message', content: 'still here' },
      ],
    });
    await boss.api.admin.suspend(ofAnna());
    expect(await line.ended).toBe('session-ended');
    expect(await sessionsOf(anna)).toEqual([]);
    const [page] = await boss.api.message.read({
      ranges: [{ conversationId, first: 1 as never, last: 9 as never, from: 'oldest', limit: 9 }],
    });
    expect(page?.entries.map(({ content }) => content)).toContain('still here');
    const { accounts } = await boss.api.admin.accounts({ query: 'keller', after: null });
    expect(accounts).toMatchObject([{ username: 'anna', suspendedAt: expect.any(Number), devices: 0 }]);
  });

  test('signing out everywhere ends sessions, and no more than that', async () => {
    await world.session('anna');
    await boss.api.admin.signOut(ofAnna());
    expect(await sessionsOf(anna)).toEqual([]);
    await world.session('anna');
    expect(await sessionsOf(anna)).toHaveLength(1);
  });
});

describe('ADM5 the audit log', () => {
  test('ADM5 says who did what to whom, from which device, newest first, in pages', async () => {
    for (let round = 0; round < 26; round += 1) {
      await boss.api.admin.suspend(ofAnna());
      await boss.api.admin.unsuspend(ofAnna());
    }
    const first = await boss.api.admin.audit({ before: null });
    expect(first.entries).toHaveLength(50);
    expect(first.entries[0]).toMatchObject({
      act: 'unsuspend',
      by: { username: 'boss', displayName: 'The Boss' },
      subject: { username: 'anna', displayName: 'Anna Keller' },
      deviceId: boss.caller.deviceId,
    });
    const second = await boss.api.admin.audit({ before: first.next });
    expect(second.entries.map(({ act }) => act)).toEqual(['unsuspend', 'suspend']);
    expect(second.next).toBeNull();
  });

  test('what was refused is not in it', async () => {
    await expect(boss.api.admin.unsuspend(ofAnna())).rejects.toEqual(refused('not-found'));
    expect((await boss.api.admin.audit({ before: null })).entries).toEqual([]);
  });
});

test('accounts come in pages by name', async () => {
  for (let at = 0; at < 50; at += 1) await world.person(`many-${String(at).padStart(2, '0')}`);
  const first = await boss.api.admin.accounts({ query: '', after: null });
  expect(first.accounts).toHaveLength(50);
  const second = await boss.api.admin.accounts({ query: '', after: first.next });
  expect(second.next).toBeNull();
  const names = [...first.accounts, ...second.accounts].map(({ username }) => username);
  expect(new Set(names).size).toBe(52);
});

describe('ADM7 reports', () => {
  const filed = { reason: 'abuse', note: 'again', excerpt: 'something rude' } as const;

  test('ADM7 say whose message it is by the log, and are closed once', async () => {
    const cleo = await world.person('cleo');
    const { conversationId } = await cleo.api.conversation.open({ userId: anna.caller.userId });
    const message = { clientId: 'client-0001' as never, kind: 'message', content: '{}' } as const;
    const [sent] = await anna.api.message.send({ messages: [{ conversationId, ...message }] });
    const seq = (sent as { seq: never }).seq;
    await cleo.api.report.file({ conversationId, seq, ...filed });
    await expect(anna.api.report.file({ conversationId, seq, ...filed })).rejects.toEqual(
      refused('not-allowed'),
    );
    await expect(boss.api.report.file({ conversationId, seq, ...filed })).rejects.toEqual(
      refused('not-found'),
    );
    await boss.api.admin.suspend(ofAnna());
    const { reports } = await boss.api.admin.reports({ state: 'open', before: null });
    expect(reports).toMatchObject([
      {
        ...filed,
        author: { username: 'anna', suspended: true },
        reporter: { username: 'cleo', suspended: false },
      },
    ]);
    const id = reports[0]?.id as string;
    await boss.api.admin.closeReport({ id, as: 'resolved' });
    await expect(boss.api.admin.closeReport({ id, as: 'dismissed' })).rejects.toEqual(refused('not-found'));
    expect((await boss.api.admin.reports({ state: 'open', before: null })).reports).toEqual([]);
    expect((await boss.api.admin.reports({ state: 'resolved', before: null })).reports).toHaveLength(1);
  });
});

test('operators see and revoke everybody’s invitations', async () => {
  const { code } = await anna.api.invite.create({ uses: 3 });
  const made = await boss.api.admin.createInvite({ uses: 1 });
  const invites = await boss.api.admin.invites();
  expect(invites.map(({ code }) => code).sort()).toEqual([code, made.code].sort());
  expect(invites.find((one) => one.code === code)?.by).toMatchObject({ username: 'anna' });
  await boss.api.admin.revokeInvite({ code });
  expect(await anna.api.invite.list()).toEqual([]);
});

test('ADM8 operators choose who may sign up; until then it is the setting’s', async () => {
  await world.restart({ signUp: 'open' });
  const api = world.api({ ...boss.caller, deviceId: deviceId('the-device-of-boss') });
  expect(await api.admin.signUp()).toEqual({ signUp: 'open', changed: false });
  await api.admin.setSignUp({ signUp: 'invite' });
  expect(await api.admin.signUp()).toEqual({ signUp: 'invite', changed: true });
  const [entry] = (await api.admin.audit({ before: null })).entries;
  expect(entry).toMatchObject({ act: 'set', subject: { id: 'sign-up' }, detail: 'invite' });
});
