import { expect, test } from './support/fixtures.ts';

test('BOT1 a key is made, a program posts by it, and is refused when it is revoked', async ({ join }) => {
  const ann = await join('Ann Archer');
  const { page } = ann;
  await ann.openSettings();
  await page.getByRole('button', { name: 'New bot' }).click();
  const making = page.getByRole('dialog', { name: 'New bot' });
  await making.getByRole('textbox', { name: 'Name', exact: true }).fill('Weather');
  await making.getByRole('textbox', { name: 'Username' }).fill('No Spaces');
  await making.getByRole('button', { name: 'Create' }).click();
  await expect(making.getByRole('alert')).toBeVisible();
  const username = `weather-${Date.now().toString(36)}`;
  await making.getByRole('textbox', { name: 'Username' }).fill(username);
  await making.getByRole('button', { name: 'Create' }).click();
  const bots = page.getByRole('list', { name: 'Your bots' });
  await expect(bots).toContainText(`@${username}`);

  await bots.getByRole('button', { name: 'New key for Weather' }).click();
  const key = page.getByRole('dialog', { name: 'New key for Weather' });
  await key.getByRole('textbox', { name: 'Name of the key' }).fill('the roof');
  await key.getByRole('button', { name: 'Make the key' }).click();
  const secret = await key.getByRole('textbox', { name: 'The key', exact: true }).inputValue();
  expect(secret).toMatch(/^tid_[\w-]{43}$/);
  await key.getByRole('button', { name: 'Close' }).click();
  const keys = page.getByRole('list', { name: 'Keys of Weather' });
  await expect(keys).toContainText('Never used');
  await expect(page.getByText(secret)).toHaveCount(0);

  const post = (text: string) =>
    page.request.post('/api/v1/messages', {
      headers: { authorization: `Bearer ${secret}` },
      data: { message_text: text, username: ann.username },
    });
  expect((await post('It will rain.')).status()).toBe(200);
  await page.goto('/');
  await ann.openChat('Weather');
  await ann.sees('It will rain.');
  await expect(page.getByRole('main').getByText('Bot', { exact: true })).toBeVisible();

  await ann.openSettings();
  await expect(keys).toContainText('Last used');
  await keys.getByRole('button', { name: 'Revoke the roof' }).click();
  await page.getByRole('alertdialog').getByRole('button', { name: 'Revoke' }).click();
  await expect(keys).toHaveCount(0);
  const refused = await post('too late');
  expect(refused.status()).toBe(401);
  expect(await refused.json()).toMatchObject({ code: 'key-invalid' });
});
