import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { secretFor } from '@tidings/server/secrets';
import { freePort } from '../../tests/support/free-port.ts';
import type { Stage } from './stage.ts';

const infra = join(import.meta.dirname, '../../infra');

/** The edge of a cluster (infra/nginx) in front of the stage's server. */
export async function startEdge({ folder, server }: Stage) {
  const port = String(await freePort());
  const cluster = join(folder, 'cluster');
  const secrets = readFileSync(join(folder, 'data/secrets.json'), 'utf8');
  const { session } = JSON.parse(secrets) as { session: string };
  mkdirSync(join(cluster, 'secrets'), { recursive: true });
  writeFileSync(join(cluster, 'secrets/asset-links'), secretFor('links to assets', session));
  const settings = {
    CLUSTER_DIR: cluster,
    PORT: port,
    WEB_PORT: new URL(server.url).port,
    EDGE_METRICS_PORT: String(await freePort()),
    NODE_BINARY: process.execPath,
  };
  const run = (command: string) =>
    promisify(execFile)(join(infra, 'native/nginx.sh'), [command], { env: { ...process.env, ...settings } });
  await run('up');
  return {
    url: `http://127.0.0.1:${port}`,
    /** Requests so far, by what the cache had. */
    async requests(): Promise<Readonly<Record<string, number>>> {
      const metrics = await (await fetch(`http://127.0.0.1:${settings.EDGE_METRICS_PORT}/metrics`)).text();
      const lines = metrics.matchAll(/^tidings_edge_requests_total{cache="(\w+)"} (\d+)$/gm);
      return Object.fromEntries([...lines].map(([, cache, count]) => [cache, Number(count)]));
    },
    stop: () => run('down'),
  };
}

/** nginx as it serves a folder's files by itself: what a download is held against. */
export async function startPlainNginx(stage: Stage, files: string) {
  const port = await freePort();
  const place = join(stage.folder, 'plain-nginx');
  mkdirSync(place, { recursive: true });
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (name) => `${name}_temp_path ${place}/${name};`,
  );
  const root = process.getuid?.() === 0 ? 'user root;' : '';
  writeFileSync(
    join(place, 'nginx.conf'),
    `daemon off; ${root} worker_processes auto; pid ${place}/pid; error_log ${place}/error.log;
events { worker_connections 1024; }
http { access_log off; sendfile on; tcp_nopush on; ${temporary.join(' ')}
  server { listen 127.0.0.1:${port}; root ${files}; } }`,
  );
  const child = spawn('/usr/sbin/nginx', ['-e', join(place, 'error.log'), '-c', join(place, 'nginx.conf')], {
    stdio: 'ignore',
  });
  const url = `http://127.0.0.1:${port}`;
  const deadline = Date.now() + 10_000;
  while (Date.now() < deadline && !(await fetch(url).catch(() => null)))
    await new Promise((resolve) => setTimeout(resolve, 20));
  return {
    url,
    async stop() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
