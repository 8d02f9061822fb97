import { HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { S3Blobs } from './s3.ts';
import { answered } from './s3-answers.ts';

export type S3Options = {
  /** Of a server that speaks S3; absent: Amazon's. */
  readonly endpoint?: string | undefined;
  readonly region: string;
  readonly bucket: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
};

const connectMs = 2_000;
/** A part is written, or a read begins, in less. */
const requestMs = 30_000;
const maxSockets = 200;

/** Blobs in a bucket. Whether that is there and may be used shows with the first use; `ping` rejects with `unavailable` if not. */
export function openS3Blobs({ endpoint, region, bucket, ...credentials }: S3Options) {
  const s3 = new S3Client({
    region,
    credentials,
    ...(endpoint ? { endpoint, forcePathStyle: true } : {}),
    maxAttempts: 3,
    // What we keep is verified by its own hashes. Servers other than Amazon's stumble over checksums that trail a body.
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: {
      connectionTimeout: connectMs,
      requestTimeout: requestMs,
      httpAgent: { maxSockets },
      httpsAgent: { maxSockets },
    },
  });
  return {
    blobs: new S3Blobs({ s3, bucket }),
    ping: () => answered(s3.send(new HeadBucketCommand({ Bucket: bucket }))),
    stop: () => s3.destroy(),
  };
}
