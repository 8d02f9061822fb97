import { type ErrorCode, isErrorCode, TidingsError } from '@tidings/api/errors';
import { type DetailedError, Upload } from 'tus-js-client';
import type { Carrier, Journey } from './carrier.ts';

export type TusOptions = {
  /** `paths.uploads`, whole where there is no page. */
  readonly endpoint: string;
  /** Of a program outside of a browser: its cookie and origin. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Its HTTP takes buffers only, so a file goes in parts; a browser's streams it from the disk by itself. */
  readonly inBuffers?: boolean;
};

const partBytes = 8 * 1024 * 1024;

/** tus 1.0. When and how often to try again is its caller's to say. */
export const tusCarrier = ({ endpoint, headers = {}, inBuffers }: TusOptions): Carrier => ({
  carry: (asset, ciphertext, journey) =>
    new Promise<void>((resolve, reject) => {
      if (journey.signal.aborted) return reject(interrupted());
      const upload: Upload = new Upload(ciphertext, {
        endpoint,
        uploadUrl: journey.resume,
        headers: { ...headers },
        metadata: { id: asset.id, check: asset.check },
        retryDelays: null,
        storeFingerprintForResuming: false,
        ...(inBuffers ? inParts : {}),
        onUploadUrlAvailable: () => begun(upload, journey),
        onProgress: (sent) => journey.progress(sent),
        onSuccess: () => resolve(),
        onError: (error) => reject(errorOf(error)),
      });
      journey.signal.addEventListener('abort', () => {
        upload.abort().catch(() => {});
        reject(interrupted());
      });
      upload.start();
    }),
});

const inParts: ConstructorParameters<typeof Upload>[1] = {
  chunkSize: partBytes,
  fileReader: {
    openFile: async (ciphertext: Blob) => ({
      size: ciphertext.size,
      slice: async (first, end) => {
        const part = ciphertext.slice(first, Math.min(end, ciphertext.size));
        // The library asks a buffer for its size as it asks a blob.
        const value = Object.assign(Buffer.from(await part.arrayBuffer()), { size: part.size });
        return { value, done: end >= ciphertext.size };
      },
      close: () => {},
    }),
  },
};

function begun({ url }: Upload, journey: Journey): void {
  if (url) journey.begun(url);
}

const interrupted = () => new TidingsError('unavailable', 'the upload was interrupted');

/** The server's own code where it said one; else what its status means. */
function errorOf(error: Error | DetailedError): TidingsError {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (!response) return new TidingsError('unavailable', 'no line', { cause: error });
  const body = errorIn(response.getBody());
  const said = isErrorCode(body.code) ? body.code : (codes[response.getStatus()] ?? 'unavailable');
  // The upload was swept away, not the asset refused: the next attempt asks for it, finds it gone and begins another.
  const code = said === 'not-found' ? 'unavailable' : said;
  const retry = typeof body.retryAfterMs === 'number' ? { retryAfterMs: body.retryAfterMs } : {};
  return new TidingsError(code, `upload answered ${response.getStatus()}`, { cause: error, ...retry });
}

const codes: Readonly<Record<number, ErrorCode>> = {
  401: 'not-signed-in',
  413: 'too-large',
  422: 'asset-broken',
  429: 'too-many-requests',
  507: 'storage-full',
};

function errorIn(body: string): { readonly code?: unknown; readonly retryAfterMs?: unknown } {
  try {
    const { error } = JSON.parse(body) as { error?: object | null };
    return error ?? {};
  } catch {
    return {};
  }
}
