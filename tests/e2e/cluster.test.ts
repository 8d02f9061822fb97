import { expect, test } from './support/fixtures.ts';
import { haveAll, messageOf, sendNumbered } from './support/numbered.ts';

test('SEND1 SEND2 INV7 people whose handler is killed go on at another, and lose and double nothing @cluster', async ({
  join,
  cluster,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ben.openChat('Ann Archer');
  await ann.isTicked('message 00', 'Read');
  // Each at a handler of their own: what one says to the other goes from one to the other.
  for (const name of cluster.handlers) expect(await cluster.socketsOf(name)).toBe(1);
  let last = 0;
  for (const name of cluster.handlers) {
    const sending = sendNumbered(ann, { from: last + 1, to: last + 8 });
    await ann.isTicked(messageOf(last + 2), 'Read');
    await cluster.endProcess(name, 'SIGKILL');
    await sending;
    last += 8;
    await ann.isTicked(messageOf(last), 'Read');
    await cluster.startProcess(name);
  }
  await haveAll([ann, ben], last);
});

test('INV7 a group talks on while one process after another is replaced @cluster', async ({ join, cluster }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.createGroup('Rowing', ['Ben Baker', 'Cleo Carter']);
  await ann.send('message 00');
  for (const person of [ben, cleo]) await person.openChat('Rowing');
  await ann.isTicked('message 00', 'Read');
  let number = 0;
  for (const name of ['web-1', ...cluster.handlers, 'group-handler-1'] as const) {
    await cluster.endProcess(name, 'SIGTERM');
    await ann.send(messageOf(++number));
    await ann.isTicked(messageOf(number), 'Sent');
    await cluster.startProcess(name);
    await ann.isTicked(messageOf(number), 'Read');
  }
  await haveAll([ann, ben, cleo], number);
});
