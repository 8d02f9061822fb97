import type { Name } from './people.ts';

/** When: days ago at a time of day (`3d 18:04`), or minutes ago (`35m`), for what must not lie in the future. */
export type When = `${number}d ${number}:${number}` | `${number}m`;

/** One thing that somebody says, and what becomes of it. `as` names it for replies. */
export type Said = readonly [when: When, who: Name, text: string, more?: More];
export type More = {
  readonly as?: string;
  readonly reply?: string;
  readonly react?: Partial<Record<Name, string>>;
  /** What they changed it to, two minutes later. */
  readonly edited?: string;
  /** They took it back, three minutes later. */
  readonly deleted?: true;
};

/** Something about the group itself. */
export type Changed = {
  readonly when: When;
  readonly who: Name;
  readonly does:
    | { readonly add: readonly Name[] }
    | { readonly remove: Name }
    | { readonly leave: true }
    | { readonly admin: Name }
    | { readonly describe: string };
};

export type Script = {
  readonly lines: readonly (Said | Changed)[];
  /** How many messages at the end each of these people hasn't read. Everybody else has read everything. */
  readonly unread?: Partial<Record<Name, number>>;
  /** How many at the end haven't reached them: their devices are off. */
  readonly undelivered?: Partial<Record<Name, number>>;
};

export type Chat = Script & { readonly between: readonly [Name, Name] };
export type Group = Script & {
  readonly name: string;
  readonly description: string;
  readonly scene: 'mountains' | 'house' | 'lamp' | 'book';
  readonly by: Name;
  readonly with: readonly Name[];
  readonly when: When;
};

/** The moment that `when` means, with the server's clock and time zone. */
export function momentOf(when: When, now: number): number {
  const minutes = /^(\d+)m$/.exec(when);
  if (minutes) return now - Number(minutes[1]) * 60_000;
  const [, days, hour, minute] = /^(\d+)d (\d+):(\d+)$/.exec(when) ?? [];
  const date = new Date(now);
  date.setDate(date.getDate() - Number(days));
  // Seconds as people are: not all on the dot.
  date.setHours(Number(hour), Number(minute), (Number(minute) * 37) % 60, 0);
  return date.getTime();
}
