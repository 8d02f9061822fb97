import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Order, Report } from './crowd-process.ts';

/** Many devices at one handler, in a process of their own. */
export class Crowd implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** All are connected. */
  static async gather(order: Order): Promise<Crowd> {
    const child = fork(join(import.meta.dirname, 'crowd-process.ts'));
    child.send(order);
    await told(child, 'open');
    return new Crowd(child);
  }

  /** When all that lost their lines hold everything, by the machine's clock, ms. */
  async caughtUp(): Promise<number> {
    return (await told(this.#child, 'caught-up')).at;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill();
  }
}

async function told(child: ChildProcess, type: Report['type']): Promise<Report> {
  const ended = once(child, 'exit').then(() => {
    throw new Error('the crowd’s process ended');
  });
  const [report] = (await Promise.race([once(child, 'message'), ended])) as [Report];
  if (report.type !== type) throw new Error(`the crowd says ${report.type}, not ${type}`);
  return report;
}
