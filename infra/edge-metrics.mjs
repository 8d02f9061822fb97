// edge-metrics.mjs HOST PORT: counts what nginx says of each request for a file, one datagram of syslog each (infra/nginx/assets.conf), and
// answers Prometheus at the same port over TCP. A datagram that is lost is a request that isn't counted. No dependencies.
import { createSocket } from 'node:dgram';
import { createServer } from 'node:http';

const [host, port] = [process.argv[2] ?? '127.0.0.1', Number(process.argv[3] ?? 3190)];
/** By what the cache had: HIT, MISS, EXPIRED, UPDATING, STALE; NONE for what was refused before it was asked. */
const requests = new Map();
const bytes = new Map();

const listener = createSocket('udp4');
listener.on('message', (datagram) => {
  const [, cache, sent] = /edge: (\S+) \d{3} (\d+)/.exec(String(datagram)) ?? [];
  if (cache === undefined) return;
  const name = cache === '-' ? 'NONE' : cache;
  requests.set(name, (requests.get(name) ?? 0) + 1);
  bytes.set(name, (bytes.get(name) ?? 0) + Number(sent));
});
listener.bind(port, host);

const server = createServer((_request, response) => {
  response.setHeader('Content-Type', 'text/plain; version=0.0.4');
  response.end(
    counter('tidings_edge_requests_total', 'Requests for files, by what the edge’s cache had.', requests) +
      counter('tidings_edge_bytes_total', 'Bytes of files that the edge sent.', bytes),
  );
});
server.listen(port, host);

function counter(name, help, values) {
  const lines = [...values].map(([cache, value]) => `${name}{cache="${cache}"} ${value}\n`);
  return `# HELP ${name} ${help}\n# TYPE ${name} counter\n${lines.join('')}`;
}

process.on('SIGTERM', () => process.exit(0));
