import { expect, test } from './support/fixtures.ts';

test('a microphone that is refused is said, and the composer comes back', async ({ join }) => {
  const [ann] = [await join('Ann Archer', { permissions: [] }), await join('Ben Baker')];
  await ann.openNewChatWith('Ben Baker');
  await ann.page.getByRole('button', { name: 'Record voice message' }).click();
  const bar = ann.page.getByRole('region', { name: 'Voice message' });
  await expect(bar.getByRole('alert')).toContainText(/microphone/i);
  await bar.getByRole('button', { name: 'OK' }).click();
  await ann.send('then in writing');
});
