import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { openDataFolder } from './data-folder.ts';

// Password hashing, files and real time: slow on a busy machine.
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'tidings-folder-'));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

describe('the data folder', () => {
  test('is made, for its owner only', () => {
    const folder = openDataFolder(join(place, 'a', 'data'));
    expect(statSync(folder.path).mode & 0o777).toBe(0o700);
    folder.close();
  });

  test('one that others could read is closed to them', () => {
    const path = join(place, 'open');
    openDataFolder(path).close();
    const { mode } = statSync(path);
    expect(mode & 0o077).toBe(0);
  });

  test('is one process’s at a time, and free again when it closes', () => {
    const first = openDataFolder(place);
    expect(() => openDataFolder(place)).toThrow(
      `The data folder ${place} is in use by another Tidings (process ${process.pid}).`,
    );
    first.close();
    first.close();
    openDataFolder(place).close();
  });

  test('is free again when its process was killed', async () => {
    const holder = spawn(process.execPath, [join(import.meta.dirname, '../testing/hold-folder.ts'), place], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const ended = once(holder, 'exit');
    try {
      await once(holder.stdout, 'data');
      expect(() => openDataFolder(place)).toThrow(`process ${holder.pid}`);
    } finally {
      holder.kill('SIGKILL');
    }
    await ended;
    openDataFolder(place).close();
  });

  test('what is a file, or lies in one, is refused in one sentence', () => {
    const file = join(place, 'file');
    writeFileSync(file, '');
    for (const path of [file, join(file, 'data')]) {
      expect(() => openDataFolder(path)).toThrow(
        new RegExp(`^The data folder ${path} can't be used: [^\\n]*\\.$`),
      );
    }
  });
});
