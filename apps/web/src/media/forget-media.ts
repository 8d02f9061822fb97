import type { UserId } from '@tidings/api/ids';
import { catalogueName, vaultFolder } from './names';

/** Sign-out: takes all files of a user off this device. The workers that write them have ended. */
export async function forgetMedia(user: UserId): Promise<void> {
  const root = await navigator.storage?.getDirectory?.().catch(() => null);
  await root?.removeEntry(vaultFolder(user), { recursive: true }).catch(() => {});
  await new Promise<void>((resolve) => {
    const request = globalThis.indexedDB?.deleteDatabase(catalogueName(user));
    if (!request) return resolve();
    // Another tab that doesn't let go has it deleted when it is closed.
    request.onsuccess = request.onerror = request.onblocked = () => resolve();
  });
}
