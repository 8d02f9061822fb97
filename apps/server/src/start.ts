import type { Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@tidings/api/clock';
import { firstInvitation } from './auth/first-invitation.ts';
import type { Config } from './config.ts';
import { seedFolder } from './demo/run.ts';
import { makeEdge } from './edge.ts';
import { openDataFolder } from './profiles/data-folder.ts';
import { type Embedded, startEmbedded } from './profiles/embedded.ts';
import { loadSecrets } from './secrets.ts';
import type { Logger } from './services/parts.ts';
import { StartupError } from './startup-error.ts';

/** A server that takes requests. */
export type Server = {
  readonly url: string;
  readonly profile: Embedded;
  /** Lets the first person sign up where that needs an invitation. */
  readonly invitation: string | null;
  /** Tells clients to reconnect, finishes what was accepted, closes the stores. Idempotent. */
  stop(): Promise<void>;
};

/** Everything in one process, on one port and in one folder. When it throws, it has left nothing open. */
export async function startServer(config: Config, logger: Logger): Promise<Server> {
  const opened = new Opened();
  try {
    const folder = openDataFolder(config.dataDir);
    opened.add(async () => folder.close());
    const secrets = loadSecrets(folder.path);
    if (config.demo) await seedFolder(config, secrets.session, logger);
    const profile = await startEmbedded({ ...config, clock: systemClock, logger }).catch(
      asSentence(folder.path),
    );
    opened.add(() => profile.stop());
    const edge = await makeEdge({ ...profile, config, secrets, logger, clock: systemClock });
    await listen(edge.http, config);
    opened.add(() => profile.drain());
    opened.add(() => edge.drain());
    const invitation =
      config.signUp === 'invite'
        ? await firstInvitation(edge.auth, profile.directory.invites, Date.now())
        : null;
    return { url: urlOf(edge.http, config), profile, invitation, stop: () => opened.close() };
  } catch (error) {
    await opened.close();
    throw error;
  }
}

/** What was opened, closed in the opposite order, once. */
class Opened {
  readonly #closers: (() => Promise<void>)[] = [];
  #closing: Promise<void> | null = null;

  add(close: () => Promise<void>): void {
    this.#closers.unshift(close);
  }

  close(): Promise<void> {
    this.#closing ??= this.#closeAll();
    return this.#closing;
  }

  async #closeAll(): Promise<void> {
    for (const close of this.#closers) await close();
  }
}

/** Stores that don't open: damaged, of a newer version, no room. */
const asSentence = (path: string) => (error: unknown) => {
  const deepest = (one: unknown): unknown => (one instanceof Error && one.cause ? deepest(one.cause) : one);
  const reason = String((deepest(error) as Error | undefined)?.message ?? error).replace(/\.$/, '');
  throw new StartupError(`The data in ${path} can't be opened: ${reason}.`, { cause: error });
};

function listen(http: HttpServer, { port, host }: Config): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once('error', (error: NodeJS.ErrnoException) => reject(new StartupError(whyNot(error, port, host))));
    http.listen({ port, host, backlog: 4_096 }, resolve);
  });
}

function whyNot(error: NodeJS.ErrnoException, port: number, host: string): string {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use already. Stop what uses it, or choose another with PORT.`;
    case 'EACCES':
      return `Port ${port} may be opened by the system's administrator only. Choose another with PORT, 1024 or above.`;
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `The setting HOST is “${host}”, and this machine has no such address.`;
    default:
      return `Port ${port} can't be opened: ${error.message}.`;
  }
}

function urlOf(http: HttpServer, { publicUrl, host }: Config): string {
  if (publicUrl) return publicUrl.origin;
  const { port } = http.address() as AddressInfo;
  const here = ['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host);
  return `http://${here ? 'localhost' : host.includes(':') ? `[${host}]` : host}:${port}`;
}
