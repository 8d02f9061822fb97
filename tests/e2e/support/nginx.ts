import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { must, type Settings } from '../../support/engines/script.ts';
import { freePort } from '../../support/free-port.ts';

/** Ports: that of the web process, and the first of the handlers', which follow one another. */
export type Upstreams = { readonly web: number; readonly firstHandler: number; readonly handlers: number };

/** nginx as `npm run cluster` puts it in front of the processes. */
export class Nginx implements AsyncDisposable {
  readonly url: string;
  readonly #folder: string;

  private constructor(url: string, folder: string) {
    this.url = url;
    this.#folder = folder;
  }

  /** Ready when the web process answers through it. `linkSecret`: with which links to files are signed. */
  static async start({ web, firstHandler, handlers }: Upstreams, linkSecret: string): Promise<Nginx> {
    const folder = mkdtempSync(join(tmpdir(), 'tidings-nginx-'));
    mkdirSync(join(folder, 'secrets'), { mode: 0o700 });
    writeFileSync(join(folder, 'secrets', 'asset-links'), linkSecret, { mode: 0o600 });
    const port = String(await freePort());
    const nginx = new Nginx(`http://127.0.0.1:${port}`, folder);
    const settings: Settings = {
      HOST: '127.0.0.1',
      PORT: port,
      WEB_PORT: String(web),
      HANDLER_PORT: String(firstHandler),
      HANDLERS: String(handlers),
      EDGE_METRICS_PORT: String(await freePort()),
    };
    await must('nginx.sh', ['up'], { CLUSTER_DIR: folder, ...settings }).catch(async (error) => {
      await nginx[Symbol.asyncDispose]();
      throw error;
    });
    return nginx;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await must('nginx.sh', ['down'], { CLUSTER_DIR: this.#folder });
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

/** Null when it is there. */
export const whyNoNginx = (): string | null =>
  existsSync('/usr/sbin/nginx') ? null : 'there is no nginx at /usr/sbin/nginx';
