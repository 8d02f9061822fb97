import type { AssetHashes } from '@tidings/api/asset';

/** Carries ciphertext to the server. */
export interface Carrier {
  /**
   * Resolves when the server has the whole asset and has checked it. Goes on at `journey.resume` where that is set and the server still knows
   * it. Rejects with a `TidingsError`: the server's, or `unavailable` when the line broke or `signal` ended it; what had arrived is kept there.
   */
  carry(asset: AssetHashes, ciphertext: Blob, journey: Journey): Promise<void>;
}

export type Journey = {
  /** Where an earlier attempt was going. */
  readonly resume: string | null;
  /** Hears where this one goes, before the first byte does. */
  readonly begun: (url: string) => void;
  /** Bytes of ciphertext that are there or on the line. */
  readonly progress: (sent: number) => void;
  readonly signal: AbortSignal;
};
