import { type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

/** One line of JSON per event; on a terminal one line to read. */
export function makeLogger(level: Config['logLevel']): Logger {
  if (!process.stdout.isTTY) return pino({ level });
  return pino(
    { level },
    pretty({ ignore: 'pid,hostname', singleLine: true, translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
