import type { ClusterServer } from './support/cluster-server.ts';
import { expect, test } from './support/fixtures.ts';
import { haveAll, messageOf, sendNumbered } from './support/numbered.ts';
import type { Person } from './support/person.ts';

test('two people at different handlers see each other come, type, receive and read', async ({
  join,
  cluster,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('from one to the other');
  await eachHandlerHas(cluster, 1);
  await ann.isTicked('from one to the other', 'Delivered');
  await ben.openChat('Ann Archer');
  await ann.isTicked('from one to the other', 'Read');
  await expect(ann.page.getByText('online', { exact: true })).toBeVisible();
  await ben.composer.pressSequentially('and b');
  await expect(ann.page.getByText('typing…').first()).toBeVisible();
  await ben.send('and back again');
  await ann.sees('and back again');
  await ben.isTicked('and back again', 'Read');
});

test('a group spread over the handlers talks, changes, and reads alike everywhere', async ({
  join,
  cluster,
}) => {
  const people = [];
  for (const name of ['Ann Archer', 'Ben Baker', 'Cleo Carter', 'Dan Dyer']) people.push(await join(name));
  const [ann, ben, cleo, dan] = people as [Person, Person, Person, Person];
  await ann.createGroup('Rowing', ['Ben Baker', 'Cleo Carter']);
  await eachHandlerHas(cluster, 2);
  await ann.send('message 00');
  for (const person of [ben, cleo]) await person.openChat('Rowing');
  await ann.isTicked('message 00', 'Read');
  let number = 0;
  for (const person of [ben, cleo, ann, cleo, ben]) await person.send(messageOf(++number));
  await haveAll([ann, ben, cleo], number);
  await ben.isTicked(messageOf(number), 'Read');
  await ann.page.getByRole('button', { name: 'Group info' }).click();
  await ann.page.getByRole('button', { name: 'Add people' }).click();
  const dialog = ann.page.getByRole('dialog').last();
  await dialog.getByRole('searchbox', { name: 'Search people' }).fill('Dan');
  await dialog.getByRole('option', { name: /^Dan Dyer/ }).click();
  await dialog.getByRole('button', { name: /^Add/ }).click();
  await dan.openChat('Rowing');
  await expect(dan.message('message')).toHaveCount(0);
  await dan.send('glad to be here');
  for (const person of [ann, ben, cleo]) await person.sees('glad to be here');
});

test('SEND1 SEND2 INV7 people whose handler is killed go on at another, and lose and double nothing', async ({
  join,
  cluster,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('message 00');
  await ben.openChat('Ann Archer');
  await ann.isTicked('message 00', 'Read');
  await eachHandlerHas(cluster, 1);
  let last = 0;
  for (const name of cluster.handlers) {
    const sending = sendNumbered(ann, { from: last + 1, to: last + 8 });
    await ann.isTicked(messageOf(last + 2), 'Read');
    await cluster.endProcess(name, 'SIGKILL');
    await sending;
    last += 8;
    await ann.isTicked(messageOf(last), 'Read');
    await ben.send(`heard you without ${name}`);
    await ann.sees(`heard you without ${name}`);
    await cluster.startProcess(name);
  }
  await haveAll([ann, ben], last);
  for (const person of [ann, ben]) {
    await expect(person.waitsForNetwork).toBeHidden();
    await expect(person.page.getByRole('alert')).toHaveCount(0);
    await expect(person.log.getByRole('img', { name: 'Failed' })).toHaveCount(0);
  }
});

test('INV7 a group talks on while one process after another is replaced', async ({ join, cluster }) => {
  const [ann, ben, cleo] = [await join('Ann Archer'), await join('Ben Baker'), await join('Cleo Carter')];
  await ann.createGroup('Rowing', ['Ben Baker', 'Cleo Carter']);
  await ann.send('message 00');
  for (const person of [ben, cleo]) await person.openChat('Rowing');
  await ann.isTicked('message 00', 'Read');
  let number = 0;
  for (const name of ['web-1', ...cluster.handlers, 'group-handler-1'] as const) {
    await cluster.endProcess(name, 'SIGTERM');
    await ann.send(messageOf(++number));
    await expect(ann.tick(messageOf(number), 'Sending')).toHaveCount(0);
    await cluster.startProcess(name);
    await ann.isTicked(messageOf(number), 'Read');
  }
  await haveAll([ann, ben, cleo], number);
});

test('SESS1 INV9 a session ended at one handler is out at the other, and hears nothing more', async ({
  join,
  cluster,
}) => {
  const ann = await join('Ann Archer');
  const laptop = await ann.onAnotherDevice();
  await eachHandlerHas(cluster, 1);
  await ann.openSettings();
  await ann.page.getByRole('button', { name: 'End all other sessions' }).click();
  await ann.page.getByRole('alertdialog').getByRole('button', { name: 'End sessions' }).click();
  await expect(laptop.page.getByRole('button', { name: 'Sign in' })).toBeVisible();
  await expect.poll(() => sockets(cluster)).toEqual([0, 1]);
  await laptop.page.context().close();
});

/** Each is at a handler of their own: what one says to another goes from handler to handler. */
async function eachHandlerHas(cluster: ClusterServer, count: number): Promise<void> {
  await expect.poll(() => sockets(cluster)).toEqual(cluster.handlers.map(() => count));
}

/** How many devices the handlers hold, the fewest first. */
async function sockets(cluster: ClusterServer): Promise<readonly number[]> {
  const counts = await Promise.all(cluster.handlers.map((name) => cluster.socketsOf(name)));
  return counts.sort((a, b) => a - b);
}
