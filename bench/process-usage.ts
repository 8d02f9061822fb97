import { readFileSync } from 'node:fs';

/** What a process used since it started: CPU of all its threads in seconds, and resident memory in bytes. Linux only. */
export type Usage = { readonly cpuSeconds: number; readonly rssBytes: number };

/** The kernel counts CPU in ticks of 1/100 s on every Linux that Node runs on. */
const ticksPerSecond = 100;

export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is the program's name in brackets and may hold spaces: count from behind it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const cpuTicks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rssKib = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
  return { cpuSeconds: cpuTicks / ticksPerSecond, rssBytes: rssKib * 1024 };
}
