import type { UserId } from '@tidings/api/ids';

/** What media of one user is called on a device. */
export const vaultFolder = (user: UserId): string => `media-${user}`;
export const catalogueName = (user: UserId): string => `tidings-media-${user}`;
