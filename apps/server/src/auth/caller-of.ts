import { deviceId, isDeviceId } from '@tidings/api/ids';
import type { Caller } from '@tidings/api/trpc';
import type { SessionRecord } from '@tidings/db/directory/port';

/**
 * The caller that a verified session makes. `named`: the device as the client calls itself. Without it the device is the one that the
 * session was made by, or the session itself: sends need one, and it must be the same on each retry.
 */
export const callerOf = (session: SessionRecord, named?: unknown): Caller => ({
  userId: session.userId,
  sessionId: session.sessionId,
  deviceId: isDeviceId(named) ? named : (session.deviceId ?? deviceId(session.sessionId)),
});
