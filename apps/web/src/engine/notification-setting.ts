/** Whether this device shows notifications: the user's wish, kept here, and the browser's permission. */
const key = 'tidings.notifications';
const listeners = new Set<() => void>();

export type NotificationPermissionState = NotificationPermission | 'unsupported';

export const notificationPermission = (): NotificationPermissionState =>
  typeof Notification === 'undefined' ? 'unsupported' : Notification.permission;

export function notificationsOn(): boolean {
  return notificationPermission() === 'granted' && wish() === 'on';
}

/** Asks the browser for its permission when it has to; answers whether they are on now. */
export async function turnNotifications(on: boolean): Promise<boolean> {
  if (on && notificationPermission() === 'default') await Notification.requestPermission();
  try {
    localStorage.setItem(key, on ? 'on' : 'off');
  } catch {
    // Refused storage: off it stays.
  }
  for (const listener of [...listeners]) listener();
  return notificationsOn();
}

export function subscribeNotifications(listener: () => void): () => void {
  listeners.add(listener);
  window.addEventListener('storage', listener);
  return () => {
    listeners.delete(listener);
    window.removeEventListener('storage', listener);
  };
}

function wish(): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}
