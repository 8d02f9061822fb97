import type { SignedIn } from '@tidings/api/auth';
import { secureId } from '@tidings/api/clock';
import { type DeviceId, deviceId, isDeviceId, isUserId } from '@tidings/api/ids';
import type { Self } from './client';

/**
 * What this browser knows before it asks anybody: which device it is, and who was signed in last. Small and read
 * synchronously, so that the first paint needn't wait; where the browser refuses to keep it, it lasts as long as the tab.
 */
const deviceKey = 'tidings.device';
const selfKey = 'tidings.self';

let fallbackDevice: DeviceId | undefined;
let fallbackSelf: string | null = null;

/** Chosen at random once; goes into sign-in and sign-up (`deviceId`), so that Settings → Devices can name this browser. */
export function thisDevice(): DeviceId {
  const known = read(deviceKey);
  if (isDeviceId(known)) return known;
  fallbackDevice ??= deviceId(secureId());
  write(deviceKey, fallbackDevice);
  return fallbackDevice;
}

/** Who was signed in when this browser last knew. The server may think otherwise since. */
export function knownSelf(): Self | null {
  try {
    const stored = JSON.parse(read(selfKey) ?? fallbackSelf ?? 'null') as SignedIn | null;
    const user = stored?.userId;
    if (!stored || !isUserId(user)) return null;
    return {
      userId: user,
      deviceId: thisDevice(),
      username: stored.username,
      displayName: stored.displayName,
    };
  } catch {
    return null;
  }
}

/** To be called with the answer of sign-up and sign-in, before going to `/`. */
export function rememberSelf(answer: SignedIn): void {
  fallbackSelf = JSON.stringify(answer);
  write(selfKey, fallbackSelf);
}

export function forgetSelf(): void {
  fallbackSelf = null;
  try {
    localStorage.removeItem(selfKey);
  } catch {
    // Refused storage holds nothing to forget.
  }
}

/** Calls `left` when another tab signs out. */
export function onSelfForgotten(left: () => void): void {
  window.addEventListener('storage', (event) => {
    if (event.key === selfKey && event.newValue === null) left();
  });
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function write(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // Refused or full: the fallbacks serve until the tab closes.
  }
}
