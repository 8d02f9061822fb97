import { TidingsError } from '@tidings/api/errors';
import { type Answer, commitWrites, openCore, runRead } from './core.ts';
import type { Engine } from './engine.ts';
import { type FileOptions, openFile } from './open.ts';

/** The engine without a thread: each call is done before it returns. For tests, simulations and tools. */
export function inProcessEngine(path: string, options?: FileOptions): Engine {
  const db = openFile(path, options);
  const core = openCore(db);
  return {
    async read(operation, ...parameters) {
      return unwrap(db.open ? runRead(core, { operation, parameters }) : stopped);
    },
    async write(operation, ...parameters) {
      return unwrap(db.open ? commitWrites(core, [{ operation, parameters }])[0] : stopped);
    },
    async stop() {
      db.close();
    },
  };
}

const stopped: Answer = { error: new TidingsError('unavailable', 'the store is closed') };

function unwrap(answer: Answer | undefined): never {
  if (!answer || 'error' in answer) throw answer?.error;
  return answer.value as never;
}
