import { type Logger, pino, stdSerializers } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';
import type { ProcessName } from './settings.ts';

const serializers = { err: stdSerializers.err, error: stdSerializers.err };

/** One line of JSON per event, with the process's name; on a terminal one line to read. */
export function makeLogger(level: Config['logLevel'], name: ProcessName = 'embedded'): Logger {
  if (!process.stdout.isTTY) return pino({ level, name, serializers });
  return pino(
    { level, serializers },
    pretty({ ignore: 'pid,hostname', singleLine: true, translateTime: 'SYS:HH:MM:ss', sync: true }),
  );
}
