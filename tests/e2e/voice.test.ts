import { newest } from './support/attaching.ts';
import { expect, test } from './support/fixtures.ts';
import type { Person } from './support/person.ts';

// A microphone that beeps once a second, and a browser that lets pages use it.
test.use({
  launchOptions: async ({ launchOptions }, use) => {
    const fake = ['--use-fake-device-for-media-stream', '--use-fake-ui-for-media-stream'];
    await use({ ...launchOptions, args: [...(launchOptions.args ?? []), ...fake] });
  },
});

const recorded = (person: Person) => person.page.getByRole('region', { name: 'Voice message' });

/** Presses the button once, and waits until so much was recorded. */
async function record(person: Person, seconds: number): Promise<void> {
  await person.page.getByRole('button', { name: 'Record voice message' }).click();
  await expect(recorded(person).getByRole('timer')).toHaveText(`0:0${seconds}`);
}

test('a voice message is recorded, listened to, sent, and marked when it was played @phone', async ({
  join,
}) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.send('listen');
  await ben.openChat('Ann Archer');
  await record(ann, 2);
  await recorded(ann).getByRole('button', { name: 'Stop recording' }).click();
  await recorded(ann).getByRole('button', { name: 'Listen to the recording' }).click();
  await expect(recorded(ann).getByRole('button', { name: 'Pause' })).toBeVisible();
  await recorded(ann).getByRole('button', { name: 'Send', exact: true }).click();
  await expect(recorded(ann)).toHaveCount(0);
  await expect(newest(ann).getByRole('img', { name: 'Read' })).toBeVisible();

  const voice = newest(ben);
  await expect(voice.getByRole('img', { name: 'Not played yet' })).toBeVisible();
  await voice.getByRole('button', { name: 'Play voice message' }).click();
  await expect(voice.getByRole('img', { name: 'Played', exact: true })).toBeVisible();
  await expect(voice.getByRole('button', { name: 'Play voice message' })).toBeVisible();
  await voice.getByRole('slider', { name: 'Position' }).press('ArrowRight');
  const other = await ben.onAnotherDevice();
  await other.openChat('Ann Archer');
  await expect(newest(other).getByRole('img', { name: 'Played', exact: true })).toBeVisible();
});

test('the next voice message plays after the one that was heard', async ({ join }) => {
  const [ann, ben] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  for (const _ of ['first', 'second']) {
    await record(ann, 1);
    await recorded(ann).getByRole('button', { name: 'Send', exact: true }).click();
    await expect(newest(ann).getByRole('img', { name: /Sent|Delivered/ })).toBeVisible();
  }
  await ben.openChat('Ann Archer');
  const [first, second] = [ben.log.getByRole('article').nth(-2), newest(ben)];
  await first.getByRole('button', { name: 'Play voice message' }).click();
  await expect(second.getByRole('button', { name: 'Pause' })).toBeVisible();
  await expect(second.getByRole('img', { name: 'Played', exact: true })).toBeVisible();
});

test('a recording that is held ends in a preview, one that slides away is gone', async ({ join }) => {
  const [ann] = [await join('Ann Archer'), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  const { mouse } = ann.page;
  const hold = async () => {
    const box = await ann.page.getByRole('button', { name: 'Record voice message' }).boundingBox();
    if (!box) throw new Error('no button to hold');
    const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    await mouse.move(at.x, at.y);
    await mouse.down();
    await expect(recorded(ann).getByRole('timer')).toHaveText('0:01');
    return at;
  };
  const from = await hold();
  await expect(recorded(ann).getByText('Slide to cancel')).toBeVisible();
  await mouse.move(from.x - 200, from.y, { steps: 5 });
  await expect(recorded(ann)).toHaveCount(0);
  await mouse.up();
  await hold();
  await mouse.up();
  await recorded(ann).getByRole('button', { name: 'Discard recording' }).click();
  await expect(recorded(ann)).toHaveCount(0);
  await expect(ann.log.getByRole('article')).toHaveCount(0);
});
