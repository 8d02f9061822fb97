import { paths } from '@tidings/api/protocol';
import { apiOverHttp } from '@tidings/client/http-api';
import { domainError } from '@tidings/client/trpc-errors';
import { thisDevice } from '@/engine/device';

type Api = ReturnType<typeof apiOverHttp>;

let api: Api | null = null;

/**
 * Calls the server, over plain HTTP: the console has nothing to do with this device's chats. Rejects with a `TidingsError`; who isn't
 * signed in (any more) leaves for sign-in.
 */
export async function ask<T>(call: (api: Api) => Promise<T>): Promise<T> {
  api ??= apiOverHttp({ url: paths.rpc, deviceId: thisDevice() });
  try {
    return await call(api);
  } catch (reason) {
    const error = domainError(reason);
    if (error.code === 'not-signed-in' || error.code === 'session-ended') location.replace('/sign-in');
    throw error;
  }
}
