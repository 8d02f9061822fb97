import type { Readable } from 'node:stream';
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  type Part,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import { type Blob, type BlobStore, type Content, checkedName } from './port.ts';
import { answered, isMissing, missing } from './s3-answers.ts';

/** S3 takes no smaller part, but for the last. 8 GiB, the largest asset, are 1,639 parts of the 10,000 that it takes. */
export const partBytes = 5 * 1024 * 1024;

/**
 * Blobs in a bucket of S3.
 *
 * | key | what | lives |
 * |---|---|---|
 * | `blobs/<name>` | a finished blob; one of at most a part's length is put there whole | until it is removed |
 * | a multipart upload of `blobs/<name>` | the parts of a longer one | until it is finished or removed |
 * | `tails/<name>` | what came after the last whole part, from the offset in its metadata `start` | until it is a part |
 *
 * A tail counts only when it begins where the parts end: one that has become a part is left over, and overwritten or removed some time.
 * Memory: a part for each blob that is being appended to.
 */
export class S3Blobs implements BlobStore {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(parts: { readonly s3: S3Client; readonly bucket: string }) {
    this.#s3 = parts.s3;
    this.#bucket = parts.bucket;
  }

  async held(blob: Blob): Promise<number> {
    checkedName(blob.name);
    const finished = await this.#lengthOf(blobKey(blob.name));
    if (finished !== null) return finished;
    const upload = isLong(blob) ? await this.#uploadOf(blob.name) : null;
    const whole = upload ? bytesOf(await this.#partsOf(blob.name, upload)) : 0;
    return whole + (await this.#tailLength(blob.name, whole));
  }

  async append(blob: Blob, offset: number, chunks: AsyncIterable<Uint8Array>): Promise<number> {
    checkedName(blob.name);
    const writing = await this.#writing(blob, offset);
    const piece = new Piece(writing.tail);
    let at = offset - writing.tail.byteLength;
    try {
      for await (const chunk of chunks) {
        piece.add(chunk);
        while (piece.bytes > partBytes && isLong(blob)) {
          await writing.write(piece.first(partBytes));
          piece.drop(partBytes);
          at += partBytes;
        }
      }
    } catch (error) {
      await this.#keepTail(blob.name, at, piece.first(piece.bytes)).catch(() => {});
      throw error;
    }
    return this.#end(blob, { writing, at, rest: piece.first(piece.bytes) });
  }

  async finish(blob: Blob): Promise<void> {
    const name = checkedName(blob.name);
    const upload = isLong(blob) ? await this.#uploadOf(name) : null;
    if (upload) {
      const Parts = (await this.#partsOf(name, upload)).map(({ ETag, PartNumber }) => ({ ETag, PartNumber }));
      const MultipartUpload = { Parts };
      await answered(
        this.#s3.send(
          new CompleteMultipartUploadCommand({
            ...this.#at(blobKey(name)),
            UploadId: upload,
            MultipartUpload,
          }),
        ),
      );
    } else if ((await this.#lengthOf(blobKey(name))) === null) {
      throw missing();
    }
    await this.#delete(tailKey(name));
  }

  async read(name: string, first: number, last: number): Promise<Content | null> {
    const range = { Range: `bytes=${first}-${last}` };
    const key = blobKey(checkedName(name));
    const found = await answered(
      this.#s3.send(new GetObjectCommand({ ...this.#at(key), ...range })),
      isMissing,
    );
    return (found?.Body as Readable | undefined) ?? null;
  }

  async remove(name: string): Promise<void> {
    const upload = await this.#uploadOf(checkedName(name));
    if (upload) {
      const abort = new AbortMultipartUploadCommand({ ...this.#at(blobKey(name)), UploadId: upload });
      await answered(this.#s3.send(abort), isMissing);
    }
    await this.#delete(tailKey(name));
    await this.#delete(blobKey(name));
  }

  /** What is to be written behind, and the tail that is to be written with it. */
  async #writing(blob: Blob, offset: number): Promise<Writing> {
    const { name } = blob;
    if (!isLong(blob)) return { tail: await this.#tail(name, 0, offset), write: async () => {} };
    const upload = (offset > 0 ? await this.#uploadOf(name) : null) ?? (await this.#begin(name));
    const parts = offset > 0 ? await this.#partsOf(name, upload) : [];
    let number = parts.length;
    const write = async (Body: Uint8Array) => {
      number += 1;
      const part = { ...this.#at(blobKey(name)), UploadId: upload, PartNumber: number, Body };
      await answered(this.#s3.send(new UploadPartCommand(part)));
    };
    return { tail: await this.#tail(name, bytesOf(parts), offset), write };
  }

  /** The last part when the blob is whole, otherwise the tail. */
  async #end(blob: Blob, { writing, at, rest }: Ending): Promise<number> {
    const end = at + rest.byteLength;
    if (end < blob.bytes) await this.#keepTail(blob.name, at, rest);
    else if (isLong(blob)) await writing.write(rest);
    else await this.#put(blobKey(blob.name), rest);
    return end;
  }

  /** One is enough for a name: those of earlier attempts, which nobody knows of any more, go. */
  async #begin(name: string): Promise<string> {
    await this.remove(name);
    const begun = await answered(this.#s3.send(new CreateMultipartUploadCommand(this.#at(blobKey(name)))));
    return begun.UploadId as string;
  }

  async #uploadOf(name: string): Promise<string | null> {
    const query = { Bucket: this.#bucket, Prefix: blobKey(name) };
    const { Uploads = [] } = await answered(this.#s3.send(new ListMultipartUploadsCommand(query)));
    return Uploads.find(({ Key }) => Key === blobKey(name))?.UploadId ?? null;
  }

  async #partsOf(name: string, upload: string): Promise<readonly Part[]> {
    const parts: Part[] = [];
    // Not the library's own pages: it asks for more for as long as it is told a marker, and some servers always tell one.
    for (let marker: string | undefined; ; ) {
      const query = { ...this.#at(blobKey(name)), UploadId: upload, PartNumberMarker: marker };
      const page = await answered(this.#s3.send(new ListPartsCommand(query)));
      parts.push(...(page.Parts ?? []));
      if (!page.IsTruncated) return parts;
      marker = page.NextPartNumberMarker;
    }
  }

  async #tail(name: string, start: number, offset: number): Promise<Uint8Array> {
    if (offset === start) return new Uint8Array();
    const found = await answered(this.#s3.send(new GetObjectCommand(this.#at(tailKey(name)))));
    const tail = await answered((found.Body as NonNullable<typeof found.Body>).transformToByteArray());
    if (Number(found.Metadata?.start) !== start || start + tail.byteLength !== offset) throw missing();
    return tail;
  }

  async #tailLength(name: string, start: number): Promise<number> {
    const head = new HeadObjectCommand(this.#at(tailKey(name)));
    const found = await answered(this.#s3.send(head), isMissing);
    return Number(found?.Metadata?.start) === start ? (found?.ContentLength ?? 0) : 0;
  }

  async #keepTail(name: string, start: number, rest: Uint8Array): Promise<void> {
    if (rest.byteLength > 0) await this.#put(tailKey(name), rest, { start: String(start) });
  }

  async #lengthOf(key: string): Promise<number | null> {
    const found = await answered(this.#s3.send(new HeadObjectCommand(this.#at(key))), isMissing);
    return found?.ContentLength ?? null;
  }

  async #put(key: string, Body: Uint8Array, Metadata?: Record<string, string>): Promise<void> {
    const object = { ...this.#at(key), Body, ...(Metadata ? { Metadata } : {}) };
    await answered(this.#s3.send(new PutObjectCommand(object)));
  }

  async #delete(key: string): Promise<void> {
    await answered(this.#s3.send(new DeleteObjectCommand(this.#at(key))), isMissing);
  }

  #at(Key: string) {
    return { Bucket: this.#bucket, Key };
  }
}

type Writing = { readonly tail: Uint8Array; readonly write: (part: Uint8Array) => Promise<void> };
type Ending = { readonly writing: Writing; readonly at: number; readonly rest: Uint8Array };

const isLong = ({ bytes }: Blob): boolean => bytes > partBytes;
const bytesOf = (parts: readonly Part[]): number => parts.reduce((sum, { Size = 0 }) => sum + Size, 0);
// Apart, since no key may be a folder of another on servers that keep files.
const blobKey = (name: string): string => `blobs/${name}`;
const tailKey = (name: string): string => `tails/${name}`;

/** What has come and is not written yet. */
class Piece {
  #chunks: Uint8Array[] = [];
  bytes = 0;

  constructor(tail: Uint8Array) {
    this.add(tail);
  }

  add(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.bytes += chunk.byteLength;
  }

  first(bytes: number): Uint8Array {
    const all = Buffer.concat(this.#chunks, this.bytes);
    this.#chunks = [all];
    return all.subarray(0, bytes);
  }

  drop(bytes: number): void {
    const rest = this.first(this.bytes).subarray(bytes);
    this.#chunks = [rest];
    this.bytes = rest.byteLength;
  }
}
