'use client';

/** A new version was downloaded and waits. Nothing happens until the user says so. */
export type UpdateView = { readonly available: boolean; apply(): void };

/** Whether the browser offers to install the app. `install` shows its own dialog. */
export type InstallView = { readonly available: boolean; install(): Promise<'accepted' | 'dismissed'> };

export type NotificationView = {
  readonly permission: 'granted' | 'denied' | 'default' | 'unsupported';
  /** Wanted by the user on this device, and allowed by the browser. */
  readonly on: boolean;
  /** Asks the browser for permission when it has to; answers whether they are on now. */
  turn(on: boolean): Promise<boolean>;
};
