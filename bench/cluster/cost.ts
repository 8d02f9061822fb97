import type { Figure } from '../results.ts';
import { type Cpu, difference, total } from './engine-processes.ts';

/** What `messages` cost between two readings, altogether and for each process. */
export function cost(name: string, messages: number, before: Cpu, after: Cpu): readonly Figure[] {
  const used = difference(after, before);
  return [
    {
      name: `${name}: messages per CPU-second of everything`,
      unit: 'msg/CPU-s',
      value: messages / total(used),
    },
    {
      name: `${name}: messages per CPU-second of the handlers`,
      unit: 'msg/CPU-s',
      value: messages / (used.get('handlers') ?? 0),
    },
    ...[...used].map(([process, seconds]) => ({
      name: `${name}: ${process}`,
      unit: 'µs/msg',
      value: (seconds / messages) * 1e6,
    })),
  ];
}

/** What everything uses while nothing happens. */
export function idle(seconds: number, before: Cpu, after: Cpu): readonly Figure[] {
  return [...difference(after, before)].map(([process, used]) => ({
    name: `idle: ${process}`,
    unit: 'CPU-ms/s',
    value: (used / seconds) * 1e3,
  }));
}
