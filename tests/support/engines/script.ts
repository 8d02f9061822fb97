import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

const scripts = join(import.meta.dirname, '../../../infra/native');

export type Settings = Readonly<Record<string, string>>;

/** Runs a script of `infra/native` to its end; answers what it says on both streams. Throws with it when the script failed. */
export async function must(script: string, args: readonly string[], settings: Settings): Promise<string> {
  const { code, output } = await run(script, args, settings);
  if (code !== 0) throw new Error(`infra/native/${script} ${args.join(' ')} failed:\n${output}`);
  return output;
}

/** The same, for a script that may fail. */
export async function run(
  script: string,
  args: readonly string[],
  settings: Settings,
): Promise<{ readonly code: number; readonly output: string }> {
  const child = spawn(join(scripts, script), args, {
    env: { ...process.env, ...settings, NODE_BINARY: process.execPath },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [out, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { code: code ?? 1, output: out + errors };
}
