import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ServerProcess } from '../support/server-process.ts';
import { makeProgram } from './program.ts';
import { hasPython, provideSchemathesis, ran } from './schemathesis.ts';

const withPython = hasPython();
if (!withPython) console.warn('SKIPPED: Schemathesis needs python3 with venv and pip, which are not here.');

/** Of the whole run: every operation with what its schemas single out, and by chance for as long as there is time. */
const runSeconds = 30;

test.skipIf(!withPython)(
  'API1 the API does what its OpenAPI document says, whatever it is asked',
  async () => {
    const program = await provideSchemathesis();
    const folder = mkdtempSync(join(tmpdir(), 'tidings-schemathesis-'));
    try {
      await using server = await ServerProcess.start(folder, {
        WEB_DIR: join(folder, 'web'),
        API_REQUESTS_PER_MINUTE: '999999',
      });
      const { secret } = await makeProgram(server.url);
      const { code, output } = await ran(
        program,
        [
          ...['--config-file', join(import.meta.dirname, 'schemathesis.toml')],
          'run',
          `${server.url}/api/v1/openapi.json`,
          ...['--header', `Authorization: Bearer ${secret}`],
          ...['--checks', 'all', '--phases', 'examples,coverage,fuzzing'],
          // The same requests each time: what fails once fails again. Without it, to look for more.
          '--generation-deterministic',
          ...['--max-time', String(runSeconds), '--continue-on-failure', '--no-color'],
        ],
        folder,
      );
      expect(code, output).toBe(0);
      // A limit that refuses, or nothing that is found, is no finding, but leaves what lies behind it untried.
      expect(output).not.toContain('WARNINGS');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  },
);
