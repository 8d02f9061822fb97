import type { Server } from 'node:http';
import { Histogram, type Registry } from 'prom-client';

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
