import type { Logger } from 'pino';
import type { ListenConfig } from '../config.ts';
import { makeLogger } from '../log.ts';
import type { ProcessName } from '../settings.ts';
import { StartupError } from '../startup-error.ts';
import { tellWarnings } from '../warnings.ts';

/** What a process has running. */
export type Started = {
  readonly url: string;
  /** Finishes what was accepted, tells clients to go elsewhere, closes everything. Idempotent. */
  stop(): Promise<void>;
};

export type ProcessStory<C, S extends Started> = {
  readonly name: ProcessName;
  readonly read: () => C;
  readonly start: (config: C, logger: Logger) => Promise<S>;
  /** What it says on standard output when it takes requests. */
  readonly greet: (started: S, config: C) => Iterable<string>;
  /** What is under way gets this long to end; then the process ends all the same. */
  readonly drainMs: number;
};

const signals = ['SIGTERM', 'SIGINT'] as const;

/** A process from its settings to its end: why it can't start is one sentence and exit code 1; SIGTERM or SIGINT drains it. */
export function runProcess<C extends Pick<ListenConfig, 'logLevel'>, S extends Started>(
  story: ProcessStory<C, S>,
): void {
  main(story).catch((error) => {
    console.error(error instanceof StartupError ? error.message : error);
    process.exit(1);
  });
}

async function main<C extends Pick<ListenConfig, 'logLevel'>, S extends Started>(
  story: ProcessStory<C, S>,
): Promise<void> {
  // Whatever is made from here on is its owner's alone.
  process.umask(0o077);
  const config = story.read();
  const logger = makeLogger(config.logLevel, story.name);
  tellWarnings((warning) => logger.warn({ err: warning }, 'a warning of Node'));
  const started = await story.start(config, logger);
  // Whoever reads that it is ready may end it at once.
  for (const signal of signals) process.once(signal, () => void end(started, story.drainMs));
  console.log([...story.greet(started, config)].join('\n'));
}

async function end(started: Started, drainMs: number): Promise<void> {
  setTimeout(() => process.exit(1), drainMs).unref();
  for (const signal of signals) process.once(signal, () => process.exit(1));
  await started.stop();
  process.exit(0);
}
