'use client';

import { useMemo, useSyncExternalStore } from 'react';
import {
  type NotificationPermissionState,
  notificationPermission,
  notificationsOn,
  subscribeNotifications,
  turnNotifications,
} from './notification-setting';
import { pageApp } from './page-app';

/** A new version was downloaded and waits. Nothing happens until the user says so: `apply` switches to it and reloads. */
export type UpdateView = { readonly available: boolean; apply(): void };

export function useUpdate(): UpdateView {
  const { worker } = pageApp;
  const available = useSyncExternalStore(worker?.subscribe ?? never, worker?.get ?? no, no);
  return useMemo(() => ({ available, apply: () => pageApp.worker?.apply() }), [available]);
}

/** Whether the browser offers to install the app. `install` shows the browser's own dialog. */
export type InstallView = { readonly available: boolean; install(): Promise<'accepted' | 'dismissed'> };

export function useInstall(): InstallView {
  const available = useSyncExternalStore(pageApp.subscribe, pageApp.installable, no);
  return useMemo(() => ({ available, install: () => pageApp.install() }), [available]);
}

export type NotificationView = {
  readonly permission: NotificationPermissionState;
  /** Wanted by the user on this device, and allowed by the browser. */
  readonly on: boolean;
  /** Asks the browser for permission when it has to; answers whether they are on now. To be called from a click. */
  turn(on: boolean): Promise<boolean>;
};

export function useNotifications(): NotificationView {
  const on = useSyncExternalStore(subscribeNotifications, notificationsOn, no);
  const permission = useSyncExternalStore(
    subscribeNotifications,
    notificationPermission,
    (): NotificationPermissionState => 'default',
  );
  return useMemo(() => ({ on, permission, turn: turnNotifications }), [on, permission]);
}

const never = () => () => {};
const no = () => false;
