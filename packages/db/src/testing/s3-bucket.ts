import { CreateBucketCommand, DeleteBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { secureId } from '@tidings/api/clock';
import type { S3Options } from '../blob-store/s3-connection.ts';

export type S3Engine = {
  readonly endpoint: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

export type Bucket = S3Options & AsyncDisposable;

/** An empty bucket of its own, for the tests of a file or the processes under test. */
export async function makeBucket({ endpoint, accessKeyId, secretAccessKey }: S3Engine): Promise<Bucket> {
  const credentials = { accessKeyId, secretAccessKey };
  const region = 'us-east-1';
  const name = `test-${secureId()
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '0')}`;
  const s3 = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: name }));
  return {
    endpoint,
    region,
    bucket: name,
    ...credentials,
    async [Symbol.asyncDispose]() {
      // One that isn't empty stays: its engine goes with the run, as a rule.
      await s3.send(new DeleteBucketCommand({ Bucket: name })).catch(() => {});
      s3.destroy();
    },
  };
}
