// Finds the Node that runs the project, and runs programs with it. This file and those that import it stay plain
// JavaScript that Node 20.19 understands: they run before the newer Node is found.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

export const root = resolve(import.meta.dirname, '..');
const bin = join(root, 'node_modules', '.bin');
const needed = [22, 18];

/** The Node to run TypeScript with: this one if it is new enough, else the one that `npm ci` put beside the packages. */
export function findNode() {
  if (isAtLeast(process.versions.node, needed)) return process.execPath;
  const ours = join(bin, process.platform === 'win32' ? 'node.cmd' : 'node');
  if (existsSync(ours)) return ours;
  throw new Sentence(
    existsSync(bin)
      ? `Tidings needs Node ${needed.join('.')} or newer, this is ${process.versions.node}, and npm has no Node for ${process.platform} ${process.arch}. Install Node 24 from nodejs.org and try again.`
      : 'The packages are not installed yet. Run `npm ci` first.',
  );
}

/** A failure that one sentence explains: it is printed without a stack. */
export class Sentence extends Error {}

/** Ends this process with what the main function returns; a Sentence is printed as it is. */
export async function main(story) {
  try {
    guardNode();
    process.exitCode = (await story()) ?? 0;
  } catch (error) {
    console.error(error instanceof Sentence ? error.message : error);
    process.exitCode = 1;
  }
}

function guardNode() {
  if (!isAtLeast(process.versions.node, [20, 19])) {
    throw new Sentence(
      `Tidings needs Node 20.19 or newer, and this is ${process.versions.node}. Install a newer one from nodejs.org.`,
    );
  }
}

function isAtLeast(version, [major, minor]) {
  const [hasMajor = 0, hasMinor = 0] = version.split('.').map(Number);
  return hasMajor > major || (hasMajor === major && hasMinor >= minor);
}

/**
 * Runs a program from node_modules/.bin (or any on the path) and resolves with its exit code. SIGINT and SIGTERM go on to it.
 * `quiet` keeps its output back and shows it only when it fails.
 */
export function run(command, args, { env = {}, quiet = false, cwd = root } = {}) {
  return new Promise((done, fail) => {
    const child = spawn(command, args, {
      cwd,
      stdio: quiet ? ['ignore', 'pipe', 'pipe'] : 'inherit',
      env: { ...process.env, ...telemetryOff, PATH: bin + delimiter + process.env.PATH, ...env },
      shell: process.platform === 'win32',
    });
    const held = [];
    child.stdout?.on('data', (chunk) => held.push(chunk));
    child.stderr?.on('data', (chunk) => held.push(chunk));
    // Ctrl-C reaches the whole group of processes by itself: the child must not hear of it twice.
    const forward = (signal) => (signal === 'SIGINT' && process.stdin.isTTY ? undefined : child.kill(signal));
    process.on('SIGINT', forward).on('SIGTERM', forward);
    child.on('error', (error) =>
      fail(error.code === 'ENOENT' ? new Sentence(`${command} is not there. Run \`npm ci\` first.`) : error),
    );
    child.on('close', (code, signal) => {
      process.off('SIGINT', forward).off('SIGTERM', forward);
      const result = code ?? 128 + (signalNumbers[signal] ?? 0);
      if (result !== 0 && held.length > 0) process.stderr.write(Buffer.concat(held));
      done(result);
    });
  });
}

/** Like run, but a failure ends the story. */
export async function must(what, command, args, options) {
  const code = await run(command, args, options);
  if (code !== 0) throw new Sentence(`${what} failed (exit code ${code}).`);
}

const signalNumbers = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
const telemetryOff = {
  NEXT_TELEMETRY_DISABLED: '1',
  TURBO_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  PRISMA_HIDE_UPDATE_MESSAGE: '1',
};
