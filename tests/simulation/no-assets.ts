import type { Ports } from '@tidings/server/services/parts';

type AssetPorts = Pick<Ports, 'assets' | 'assetReferences' | 'assetSweep' | 'uploads' | 'locks' | 'blobs'>;

const none = () => Promise.reject(new Error('no assets here'));

/** The storms are about logs: nobody sends a file, so deletions and sweeps find nothing that was carried. */
export const noAssets: AssetPorts = {
  assets: {
    stored: async () => [],
    claim: none,
    claimsOf: async () => [],
    unclaim: none,
    usage: none,
    keep: none,
  },
  assetReferences: {
    announce: none,
    settle: none,
    find: async () => [],
    open: async () => [],
    giveUp: none,
    dropAt: async () => {},
    dropUpTo: async () => {},
  },
  assetSweep: { expireClaims: async () => 0, removeUnused: async () => ({ looked: 0, removed: 0 }) },
  uploads: {
    create: none,
    find: async () => null,
    underWay: async () => [],
    touch: none,
    emptied: none,
    remove: none,
    resting: async () => [],
  },
  locks: { take: none },
  blobs: { held: none, append: none, finish: none, read: async () => null, remove: none },
};
