import { assetId } from '@tidings/api/ids';
import { ManualClock } from '@tidings/bus/testing/manual-clock';
import { expect, test } from 'vitest';
import { AssetLinks } from './asset-links.ts';

const hourMs = 3_600_000;
const [one, other] = [assetId('a'.repeat(43)), assetId('b'.repeat(43))];
const clock = new ManualClock();
const links = new AssetLinks({ secret: 'a secret of these tests', clock });

const signatureOf = (url: string) => {
  const query = new URL(url, 'http://any').searchParams;
  return { e: query.get('e') ?? '', s: query.get('s') ?? '' };
};

test('ASSET5 a link holds for one to two hours, and is the same for all who ask within an hour', async () => {
  const first = links.to(one);
  expect(first.until - clock.now()).toBeGreaterThan(hourMs);
  expect(first.until - clock.now()).toBeLessThanOrEqual(2 * hourMs);
  expect(new AssetLinks({ secret: 'a secret of these tests', clock }).to(one)).toEqual(first);
  await clock.pass(hourMs);
  expect(links.to(one).url).not.toBe(first.url);
  expect(() => links.check(one, signatureOf(first.url))).not.toThrow();
});

test('ASSET5 what is no link any more, or never was, is refused', async () => {
  const { url } = links.to(one);
  const { e, s } = signatureOf(url);
  const elsewhere = new AssetLinks({ secret: 'another secret', clock }).to(one);
  const refused = { code: 'link-expired' };
  const check = (id: typeof one, signature: { e: string; s: string }) => () => links.check(id, signature);
  expect(check(one, { e, s })).not.toThrow();
  expect(check(other, { e, s })).toThrow(expect.objectContaining(refused));
  expect(check(one, signatureOf(elsewhere.url))).toThrow(expect.objectContaining(refused));
  expect(check(one, { e: String(Number(e) + 3_600), s })).toThrow(expect.objectContaining(refused));
  for (const forged of ['', s.slice(1), `${s}A`, `A${s.slice(1)}`, s.toLowerCase(), '\u{1f511}'.repeat(43)])
    expect(check(one, { e, s: forged })).toThrow(expect.objectContaining(refused));
  await clock.pass(2 * hourMs);
  expect(check(one, { e, s })).toThrow(expect.objectContaining(refused));
});
