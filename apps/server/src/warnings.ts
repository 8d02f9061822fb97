import type { EventEmitter } from 'node:events';

/** kafkajs asks for a negative time-out whenever no request waits. Node takes it for 1 ms, which is meant, and warns of it once a process. */
const known: ReadonlySet<string> = new Set(['TimeoutNegativeWarning']);

/** Whatever Node warns of goes to `tell`, in the place of standard error, except for what is known to be harmless. */
export function tellWarnings(
  tell: (warning: Error) => void,
  source: Pick<EventEmitter, 'removeAllListeners' | 'on'> = process,
): void {
  source.removeAllListeners('warning');
  source.on('warning', (warning: Error) => {
    if (!known.has(warning.name)) tell(warning);
  });
}
