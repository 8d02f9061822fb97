import type { Server } from 'node:http';
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

/** What is counted by asking at the time of reading. */
export type Gauges = Readonly<Record<string, { readonly help: string; readonly read: () => number }>>;

/** The metrics of this process: Node's own, HTTP requests, and what the parts say of themselves. */
export function makeMetrics(gauges: Gauges): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  for (const [name, { help, read }] of Object.entries(gauges)) {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(read());
      },
    });
  }
  return registry;
}

/** Times requests by method and the path's first two parts, which are few. */
export function measureRequests(server: Server, registry: Registry): void {
  const seconds = new Histogram({
    name: 'tidings_http_request_seconds',
    help: 'Time from the request to the end of its answer.',
    labelNames: ['method', 'path', 'status'],
    buckets: [0.001, 0.005, 0.02, 0.1, 0.5, 2],
    registers: [registry],
  });
  server.on('request', (request, response) => {
    const start = performance.now();
    response.once('finish', () => {
      const { method = '' } = request;
      const labels = { method, path: pathLabel(request.url ?? '/'), status: response.statusCode };
      seconds.observe(labels, (performance.now() - start) / 1_000);
    });
  });
}

const known = /^\/(api\/(rpc|auth|pictures)|healthz|readyz|metrics)(?=[/?]|$)/;
const pathLabel = (url: string): string =>
  known.exec(url)?.[0] ?? (url.startsWith('/api/') ? '/api' : 'page');
