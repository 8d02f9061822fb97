import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { secureId } from '@tidings/api/clock';
import { inject } from 'vitest';
import type { S3Options } from '../blob-store/s3-connection.ts';

/** An empty bucket of its own for the tests of a file, on the S3 of the test engines. */
export async function makeBucket(): Promise<S3Options & AsyncDisposable> {
  const { endpoint, accessKeyId, secretAccessKey } = inject('engines').s3;
  const credentials = { accessKeyId, secretAccessKey };
  const region = 'us-east-1';
  const Bucket = `test-${secureId()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '0')}`;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket }));
  return {
    endpoint,
    region,
    bucket: Bucket,
    ...credentials,
    async [Symbol.asyncDispose]() {
      // One that isn't empty stays: its engine goes with the run, as a rule.
      await s3.send(new DeleteBucketCommand({ Bucket })).catch(() => {});
      s3.destroy();
    },
  };
}
