import { randomBytes } from 'node:crypto';
import { secureId } from '@tidings/api/clock';
import { afterAll, expect, inject, test, vi } from 'vitest';
import { copied } from '../testing/copied.ts';
import { makeBucket } from '../testing/s3-bucket.ts';
import { tcpProxy } from '../testing/tcp-proxy.ts';
import { describeBlobStore } from './contract.ts';
import { partBytes } from './s3.ts';
import { openS3Blobs, type S3Options } from './s3-connection.ts';

vi.setConfig({ testTimeout: 60_000 });

const bucket = await makeBucket(inject('engines').s3);
const opened: { stop(): void }[] = [];
const open = (options: Partial<S3Options> = {}) => {
  const connection = openS3Blobs({ ...bucket, ...options });
  opened.push(connection);
  return connection;
};
afterAll(async () => {
  for (const { stop } of opened) stop();
  await bucket[Symbol.asyncDispose]();
});

describeBlobStore('S3', async () => open().blobs);

async function* once(content: Buffer) {
  yield content;
}

test('who may not use the bucket is told that it is unavailable', async () => {
  const { blobs, ping } = open({ secretAccessKey: 'wrong' });
  await expect(ping()).rejects.toMatchObject({ code: 'unavailable' });
  const blob = { name: secureId(), bytes: 1 };
  await expect(blobs.append(blob, 0, once(Buffer.from('x')))).rejects.toMatchObject({ code: 'unavailable' });
  await expect(blobs.read(blob.name, 0, 0)).rejects.toMatchObject({ code: 'unavailable' });
  await expect(open({ bucket: 'no-such-bucket' }).ping()).rejects.toMatchObject({ code: 'unavailable' });
});

test('an S3 that is away is unavailable, and goes on where it was', async () => {
  const { hostname, port } = new URL(bucket.endpoint as string);
  const proxy = await tcpProxy({ host: hostname, port: Number(port) });
  const { blobs } = open({ endpoint: `http://127.0.0.1:${proxy.port}` });
  const content = randomBytes(3 * partBytes);
  const blob = { name: secureId(), bytes: content.byteLength };
  const cutInTheMiddle = async function* () {
    yield content.subarray(0, partBytes + 1_000);
    proxy.cut();
    yield content.subarray(partBytes + 1_000);
  };
  await expect(blobs.append(blob, 0, cutInTheMiddle())).rejects.toMatchObject({ code: 'unavailable' });
  proxy.heal();
  const held = await blobs.held(blob);
  expect(held).toBe(partBytes);
  await blobs.append(blob, held, once(content.subarray(held)));
  await blobs.finish(blob);
  const stored = await copied(await blobs.read(blob.name, 0, content.byteLength - 1));
  expect(stored.equals(content)).toBe(true);
});

test('a tail that has become a part counts once', async () => {
  const { blobs } = open();
  const content = randomBytes(2 * partBytes + 500);
  const blob = { name: secureId(), bytes: content.byteLength };
  const first = partBytes + 100;
  await blobs.append(blob, 0, once(content.subarray(0, first)));
  expect(await blobs.held(blob)).toBe(first);
  // Up to a part's end and no further: the tail is still there, and no longer one.
  await blobs.append(blob, first, once(content.subarray(first, 2 * partBytes + 1)));
  expect(await blobs.held(blob)).toBe(2 * partBytes + 1);
});
