import { TidingsError } from '@tidings/api/errors';
import { type AssetId, assetId, directId, userId } from '@tidings/api/ids';
import type { EncryptedFile } from '@tidings/api/media';
import { decryption } from '@tidings/client/assets/cipher';
import { describe, expect, test } from 'vitest';
import { Holdings } from './holdings';
import { memoryCatalogue } from './memory-catalogue';
import { memoryVault } from './memory-vault';
import type { Vault } from './vault';

const chat = directId(userId('anna-0000'), userId('ben-00000'));
const { signal } = new AbortController();
const dayMs = 24 * 3_600_000;

describe('what a device holds of media', () => {
  test('a sealed file is read back, whole and in its right form', async () => {
    const { holdings } = setUp();
    const file = await seal(holdings, 'hello');
    expect(await open(holdings, file)).toBe('hello');
    expect(await holdings.all()).toMatchObject([
      { id: file.asset, bytes: file.bytes, needed: true, conversation: null },
    ]);
  });

  test('what was given up in the middle leaves nothing', async () => {
    const { holdings, names } = setUp();
    const abort = new AbortController();
    const sealing = holdings.seal(new Blob(['x'.repeat(500_000)]), 'image', abort.signal, () =>
      abort.abort(),
    );
    await expect(sealing).rejects.toMatchObject({ code: 'unavailable' });
    expect(await holdings.all()).toEqual([]);
    expect(names()).toEqual([]);
  });

  test('a full device takes away what was used longest ago, and never what is still to be sent', async () => {
    const { holdings, tick } = setUp(2_500);
    const files: EncryptedFile[] = [];
    for (const name of ['first', 'second']) {
      files.push(await seal(holdings, name.padEnd(1_000)));
      tick(1_000);
    }
    const [first, second] = files as [EncryptedFile, EncryptedFile];
    await expect(seal(holdings, 'x'.repeat(1_000))).rejects.toMatchObject({ code: 'storage-full' });
    await holdings.atServer([first.asset, second.asset]);
    tick(1_000);
    await holdings.ciphertext(first.asset);
    tick(1_000);
    expect(await holdings.makeRoom(1)).toBe(second.bytes);
    expect([await holdings.has(first.asset), await holdings.has(second.asset)]).toEqual([true, false]);
    const third = await seal(holdings, 'x'.repeat(2_000));
    expect([await holdings.has(first.asset), await holdings.has(third.asset)]).toEqual([false, true]);
  });

  test('a file that comes in parts goes on where it stopped, and is here when it is finished', async () => {
    const { holdings } = setUp();
    const file = { asset: id('coming'), check: '', key: '', size: 4, bytes: 4 };
    const begun = await holdings.incoming(file, chat, 'video');
    await begun.append(new TextEncoder().encode('ab'));
    await begun.close();
    expect(await holdings.has(file.asset)).toBe(false);
    const again = await holdings.incoming(file, chat, 'video');
    expect(await (await again.received()).text()).toBe('ab');
    await again.append(new TextEncoder().encode('cd'));
    await again.finish();
    expect(await (await holdings.ciphertext(file.asset))?.text()).toBe('abcd');
    expect(await holdings.all()).toMatchObject([
      { conversation: chat, kind: 'video', needed: false, state: 'here' },
    ]);
  });

  test('what the browser took away, or a crash cut off, is not here', async () => {
    const { holdings, vault } = setUp();
    const file = await seal(holdings, 'hello');
    const [holding] = await holdings.all();
    await vault.remove(holding?.name ?? '');
    expect(await holdings.ciphertext(file.asset)).toBeNull();
    expect(await holdings.has(file.asset)).toBe(false);
  });

  test('an original keeps its name, type and how it was to be sent', async () => {
    const { holdings } = setUp();
    const picked = new File(['raw'], 'IMG_1.jpg', { type: 'image/jpeg' });
    await holdings.keepOriginal(id('original'), picked, 'image', {
      name: picked.name,
      type: picked.type,
      wish: { keepLocation: true },
    });
    const kept = await holdings.original(id('original'));
    expect(await kept?.file.text()).toBe('raw');
    expect(kept?.file).toMatchObject({ name: 'IMG_1.jpg', type: 'image/jpeg' });
    expect(kept?.holding.original?.wish).toEqual({ keepLocation: true });
    expect(await holdings.original(id('unknown'))).toBeNull();
  });

  test('sweeping takes what closed tabs left, but nothing that the outbox wants or that is young', async () => {
    const { holdings, tick } = setUp();
    const [left, waits, sent] = await Promise.all(
      ['left', 'waits', 'sent'].map((text) => seal(holdings, text)),
    );
    await holdings.adopt([(sent as EncryptedFile).asset], chat);
    tick(dayMs + 1);
    const young = await seal(holdings, 'young');
    await holdings.sweep(new Set([(waits as EncryptedFile).asset]));
    const found = await Promise.all(
      [left, waits, sent, young].map((file) => holdings.has((file as EncryptedFile).asset)),
    );
    expect(found).toEqual([false, true, true, true]);
    expect((await holdings.all()).find(({ conversation }) => conversation === chat)?.needed).toBe(false);
  });

  test('what was prepared and taken out again goes; what was sent meanwhile stays', async () => {
    const { holdings } = setUp();
    const [out, sent] = [await seal(holdings, 'out'), await seal(holdings, 'sent')];
    await holdings.adopt([sent.asset], chat);
    await holdings.dropUnsent([out.asset, sent.asset]);
    expect([await holdings.has(out.asset), await holdings.has(sent.asset)]).toEqual([false, true]);
  });
});

const id = (name: string): AssetId => assetId(name.padEnd(43, '-'));

const seal = (holdings: Holdings, text: string): Promise<EncryptedFile> =>
  holdings.seal(new Blob([text]), 'image', signal, () => {});

async function open(holdings: Holdings, file: EncryptedFile): Promise<string> {
  const sealed = (await holdings.ciphertext(file.asset)) as Blob;
  return new Response(sealed.stream().pipeThrough(decryption(file.key, file.size))).text();
}

/** A device with room for so many bytes, in time that the test moves. */
function setUp(room = Number.POSITIVE_INFINITY) {
  const beneath = memoryVault();
  const sizes = new Map<string, number>();
  const vault: Vault = {
    read: beneath.read,
    async append(name) {
      const writer = await beneath.append(name);
      sizes.set(name, sizes.get(name) ?? 0);
      return {
        async write(bytes) {
          const used = [...sizes.values()].reduce((sum, size) => sum + size, 0);
          if (used + bytes.byteLength > room) throw new TidingsError('storage-full');
          sizes.set(name, (sizes.get(name) ?? 0) + bytes.byteLength);
          await writer.write(bytes);
        },
        close: () => writer.close(),
      };
    },
    async remove(name) {
      sizes.delete(name);
      await beneath.remove(name);
    },
  };
  let now = 1_000_000;
  let names = 0;
  const holdings = new Holdings({
    vault,
    catalogue: memoryCatalogue(),
    makeId: () => `name-${++names}`,
    now: () => now,
  });
  return {
    ...{ holdings, vault },
    names: () => [...sizes.keys()],
    tick: (ms: number) => {
      now += ms;
    },
  };
}
