import { directId, groupId, seq, type UserId } from '@tidings/api/ids';
import { afterAll, beforeAll, expect, inject, test, vi } from 'vitest';
import type { ChangeIntent } from './port.ts';
import { connectTo } from './testing/mysql-database.ts';
import { TwoProcesses } from './testing/two-processes.ts';

let both: TwoProcesses;
beforeAll(async () => {
  both = await TwoProcesses.open(inject('engines').mysql);
});
afterAll(() => both[Symbol.asyncDispose]());

const rounds = [1, 2, 3, 4, 5, 6, 7, 8];
const member = (userId: UserId) => ({ userId, role: 'member' as const, joinedSeq: seq(1) });

async function group(name: string, members: readonly UserId[]) {
  const id = groupId(name);
  const [createdBy] = members as [UserId];
  await both.here.conversations.create({ id, createdBy, createdAt: 1, members: members.map(member) });
  return id;
}

/** A connection beside the directories, for what somebody else might do. */
async function withAnother(
  work: (run: (sql: string, values?: unknown[]) => Promise<unknown>) => Promise<void>,
): Promise<void> {
  const other = await connectTo(inject('engines').mysql.primary);
  try {
    await other.query(`USE ${both.database.name}`);
    await work((sql, values) => other.query(sql, values));
  } finally {
    await other.end();
  }
}

/** InnoDB tells something new every tenth of a second, if nobody asks meanwhile. */
const somebodyWaits = () =>
  vi.waitFor(
    async () => {
      const waiting = await both.database.query(`
        SELECT 1 FROM information_schema.innodb_trx JOIN information_schema.processlist ON id = trx_mysql_thread_id
        WHERE trx_state = 'LOCK WAIT' AND db = DATABASE()
      `);
      expect(waiting).toHaveLength(1);
    },
    { timeout: 10_000, interval: 150 },
  );

const deadlocksOf = async (run: (sql: string) => Promise<unknown>): Promise<number> => {
  const [row] = (await run("SHOW GLOBAL STATUS LIKE 'Innodb_deadlocks'")) as { Value: string }[];
  return Number(row?.Value);
};

test('of two processes that make a conversation one makes it', async () => {
  for (const _ of rounds) {
    const [ann, bob] = [await both.person(), await both.person()];
    const conversation = {
      id: directId(ann, bob),
      createdBy: ann,
      createdAt: 1,
      members: [ann, bob].map(member),
    };
    const made = await Promise.all([
      both.here.conversations.create(conversation),
      both.there.conversations.create(conversation),
      both.here.conversations.create(conversation),
      both.there.conversations.create(conversation),
    ]);
    expect(made.filter(Boolean)).toHaveLength(1);
  }
});

test('SESS4 of two processes that take the last use of an invite one gets it', async () => {
  const ann = await both.person();
  for (const round of rounds) {
    const invite = {
      code: `code-${round}`,
      createdBy: ann,
      createdAt: 1,
      expiresAt: 10,
      maxUses: 1,
      uses: 0,
    };
    await both.here.invites.create(invite);
    const used = await Promise.all([
      both.here.invites.use(invite.code, 5),
      both.there.invites.use(invite.code, 5),
    ]);
    expect(used.filter(Boolean)).toHaveLength(1);
  }
});

test('GRP2 a change that two processes apply at once happens once', async () => {
  const [ann, bob] = [await both.person(), await both.person()];
  for (const round of rounds) {
    const id = await group(`group-applied-${round}`, [ann]);
    const intent: ChangeIntent = {
      id: `intent-applied-${round}`,
      conversationId: id,
      by: ann,
      createdAt: 1,
      content: '{}',
      effects: [{ type: 'join', userId: bob, role: 'member' }],
    };
    await Promise.all([both.here.conversations.intend(intent), both.there.conversations.intend(intent)]);
    const records = await Promise.all([
      both.here.conversations.apply(intent, seq(5), 1),
      both.there.conversations.apply(intent, seq(5), 1),
    ]);
    expect(records.map(({ version }) => version)).toEqual([2, 2]);
  }
});

test('of two renames at once the later one’s words stay, and no others', async () => {
  for (const round of rounds) {
    const ann = await both.person();
    await Promise.all([
      both.here.users.update(ann, { displayName: `alpha${round}` }),
      both.there.users.update(ann, { displayName: `omega${round}` }),
    ]);
    const words = await both.database.query<{ word: string }[]>(
      'SELECT word FROM user_word WHERE userId = ?',
      [ann],
    );
    const last = await both.here.users.byUsername(ann);
    expect(words.map(({ word }) => word)).toContain(last?.displayName);
    expect(words.map(({ word }) => word).filter((word) => /alpha|omega/.test(word))).toHaveLength(1);
  }
});

test('a transaction that a deadlock ended is done again', async () => {
  const [ann, bob, eve] = [await both.person(), await both.person(), await both.person()];
  const id = await group('group-deadlock', [ann, bob, eve]);
  const intent: ChangeIntent = {
    id: 'intent-deadlock',
    conversationId: id,
    by: ann,
    createdAt: 1,
    content: '{}',
    effects: [bob, eve].map((userId) => ({ type: 'leave', userId })),
  };
  await both.here.conversations.intend(intent);
  const lock = 'UPDATE membership SET joinedAt = NOW() WHERE conversationId = ? AND userId = ?';
  await withAnother(async (run) => {
    await run('BEGIN');
    // Whoever has changed more rows is spared.
    await run('UPDATE user SET about = ?', ['busy']);
    const deadlocks = await deadlocksOf(run);
    await run(lock, [id, eve]);
    const applied = both.here.conversations.apply(intent, seq(9), 1);
    await somebodyWaits();
    await run(lock, [id, bob]);
    await run('ROLLBACK');
    expect(await deadlocksOf(run)).toBeGreaterThan(deadlocks);
    const { members } = await applied;
    expect(members.filter(({ removedSeq }) => removedSeq === 9).map(({ userId }) => userId)).toEqual(
      [bob, eve].sort(),
    );
  });
});

test('a row that somebody holds for too long is unavailable, and free again afterwards', async () => {
  const ann = await both.person();
  await withAnother(async (run) => {
    await run('BEGIN');
    await run('UPDATE user SET about = ? WHERE id = ?', ['mine', ann]);
    await expect(both.here.users.update(ann, { about: 'here' })).rejects.toMatchObject({
      code: 'unavailable',
    });
    await run('ROLLBACK');
    expect(await both.here.users.update(ann, { about: 'here' })).toMatchObject({ about: 'here' });
  });
});
