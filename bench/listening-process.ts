import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

/**
 * The process of this machine that listens on a TCP port, or `null` when there is none that may be looked into. Linux only.
 */
export function processListeningOn(port: number): number | null {
  const socket = listeningSocket(port);
  if (socket === null) return null;
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const owner = pids.find((pid) => openFiles(pid).includes(`socket:[${socket}]`));
  return owner === undefined ? null : Number(owner);
}

/** The inode of the socket; the columns are those of proc(5): local address, state (0A listens), inode. */
function listeningSocket(port: number): string | null {
  const suffix = `:${port.toString(16).toUpperCase().padStart(4, '0')}`;
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of readFileSync(table, 'utf8').split('\n').slice(1)) {
      const fields = line.trim().split(/\s+/);
      if (fields[1]?.endsWith(suffix) && fields[3] === '0A') return fields[9] ?? null;
    }
  }
  return null;
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).map((descriptor) => linkOf(`/proc/${pid}/fd/${descriptor}`));
  } catch {
    return [];
  }
}

function linkOf(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}
