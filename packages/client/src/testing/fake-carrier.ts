import type { AssetHashes } from '@tidings/api/asset';
import { TidingsError } from '@tidings/api/errors';
import type { Carrier, Journey } from '../assets/carrier.ts';
import type { DeviceAssets } from '../assets/uploads.ts';
import type { FakeServer } from './fake-server.ts';

const partBytes = 100;
const partMs = 10;

/** Carries assets to a {@link FakeServer}, a hundred bytes each ten milliseconds, and goes on where it was. */
export class FakeCarrier implements Carrier {
  /** What each attempt began with: the bytes that were there. */
  readonly attempts: { readonly asset: string; readonly from: number }[] = [];
  readonly #server: FakeServer;
  readonly #arrived = new Map<string, number>();
  underWay = 0;
  mostUnderWay = 0;
  /** An error for the part that begins at so many bytes. */
  fail: (asset: AssetHashes, at: number) => TidingsError | null = () => null;

  constructor(server: FakeServer) {
    this.#server = server;
  }

  /** Of a device that has everything. */
  readonly assets = async (): Promise<DeviceAssets> => ({
    ciphertext: async (asset) => new Blob([asset]),
    carrier: this,
  });

  bytesOf = (asset: string): number => this.#arrived.get(asset) ?? 0;

  async carry(asset: AssetHashes, _: Blob, { resume, begun, progress, signal }: Journey): Promise<void> {
    const url = `/uploads/${asset.id}`;
    const from = resume === url ? this.bytesOf(asset.id) : 0;
    this.attempts.push({ asset: asset.id, from });
    begun(url);
    this.underWay += 1;
    this.mostUnderWay = Math.max(this.mostUnderWay, this.underWay);
    try {
      for (let at = from; at < asset.bytes; at += partBytes) {
        await new Promise<void>((resolve) => void this.#server.clock.after(partMs, resolve));
        if (signal.aborted) throw new TidingsError('unavailable', 'interrupted');
        const error = this.fail(asset, at);
        if (error) throw error;
        this.#arrived.set(asset.id, Math.min(asset.bytes, at + partBytes));
        progress(this.bytesOf(asset.id));
      }
      this.#server.assets.add(asset.id);
    } finally {
      this.underWay -= 1;
    }
  }
}
