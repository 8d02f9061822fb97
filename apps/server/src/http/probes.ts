import type { IncomingMessage, ServerResponse } from 'node:http';
import { TidingsError } from '@tidings/api/errors';
import type { Registry } from 'prom-client';
import { isLoopback } from '../auth/sign-in-limits.ts';
import type { Config } from '../config.ts';
import { answerJson } from './answer.ts';
import type { Readiness } from './readiness.ts';
import { addressOf, isForwarded } from './request.ts';

export type ProbesParts = {
  readonly config: Pick<Config, 'metrics' | 'trustProxy'>;
  readonly registry: Registry;
  readonly readiness: Readiness;
};

/** `/healthz`: the process answers · `/readyz`: it takes work (503 when not, see `readiness.ts`) · `/metrics`: for Prometheus. */
export function probes({ config, registry, readiness }: ProbesParts) {
  return {
    health: (_request: IncomingMessage, response: ServerResponse) =>
      answerJson(response, 200, { status: 'ok' }),

    async ready(_request: IncomingMessage, response: ServerResponse) {
      const state = await readiness.state();
      answerJson(response, state.status === 'ready' ? 200 : 503, state);
    },

    /** To others than those allowed it isn't there. What a proxy that nobody told us of passes on isn't from here. */
    async metrics(request: IncomingMessage, response: ServerResponse) {
      const isHere =
        isLoopback(addressOf(request, config.trustProxy)) && (config.trustProxy > 0 || !isForwarded(request));
      const allowed = config.metrics === 'everyone' || (config.metrics === 'loopback' && isHere);
      if (!allowed) throw new TidingsError('not-found');
      response.setHeader('Content-Type', registry.contentType);
      response.end(await registry.metrics());
    },
  };
}
