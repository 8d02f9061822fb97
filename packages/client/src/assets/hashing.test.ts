import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hashedBy } from './hashing.ts';
import { nodeAssetHash } from './hashing-node.ts';
import { wasmAssetHash } from './hashing-wasm.ts';

test('ASSET2 browsers and Node hash alike, whatever the pieces', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.uint8Array({ maxLength: 3_000 }), { maxLength: 8 }), async (pieces) => {
      const whole = await nodeAssetHash();
      whole.update(Buffer.concat(pieces));
      const inPieces = await wasmAssetHash();
      for (const piece of pieces) inPieces.update(piece);
      expect(inPieces.digest()).toEqual(whole.digest());
    }),
    { numRuns: 30 },
  );
});

test('the hashes are SHA-256 and BLAKE2b-512, and the stream passes unchanged', async () => {
  const hash = await wasmAssetHash();
  const out = await new Response(new Blob(['abc']).stream().pipeThrough(hashedBy(hash))).text();
  expect(out).toBe('abc');
  // The vectors of FIPS 180-4 and RFC 7693.
  expect(hash.digest()).toEqual({
    id: 'ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0',
    check: 'uoClP5gcTQ1qJ5e2nxL26UwhLxRoWsS3SxK7b9v_otF9h8U5Kqt5LcJS1d5FM8yVGNOKqNvxklq5I4bt1ACZIw',
    bytes: 3,
  });
});
