import type { DeviceId } from '@tidings/api/ids';
import { protocolVersion } from '@tidings/api/protocol';
import type { AppRouter } from '@tidings/api/router';
import { createTRPCClient, httpLink } from '@trpc/client';

export type HttpApiParts = {
  /** Of the procedures over HTTP: `/api/rpc`. */
  readonly url: string;
  readonly deviceId: DeviceId;
  readonly fetch?: typeof fetch;
};

/** The procedures without a line, a request each. What fails is tRPC's: see `trpc-errors.ts`. */
export function apiOverHttp({ url, deviceId, fetch }: HttpApiParts) {
  const headers = { 'tidings-device': deviceId, 'tidings-protocol': String(protocolVersion) };
  const link = httpLink<AppRouter>({ url, headers, ...(fetch ? { fetch: fetch as never } : {}) });
  return createTRPCClient<AppRouter>({ links: [link] });
}
