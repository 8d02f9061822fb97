import type { Name } from './people.ts';
import { type Changed, type Group, type More, momentOf, type Said, type Script } from './script.ts';

/** What happens, one thing at a time. `line` is the index of the message in its script. */
export type Happening = { readonly at: number } & (
  | { readonly type: 'made' }
  | {
      readonly type: 'said';
      readonly line: number;
      readonly by: Name;
      readonly text: string;
      readonly reply: number | null;
    }
  | {
      readonly type: 'edited';
      readonly line: number;
      readonly by: Name;
      readonly text: string;
      readonly reply: number | null;
    }
  | { readonly type: 'deleted'; readonly line: number; readonly by: Name }
  | { readonly type: 'reacted'; readonly line: number; readonly by: Name; readonly emoji: string }
  | { readonly type: 'changed'; readonly change: Changed }
);

const minute = 60_000;

/** A script's happenings in the order of their times; none of them after `now`. */
export function timelineOf(script: Script | Group, now: number): readonly Happening[] {
  const named = new Map<string, number>();
  const happenings: Happening[] = [];
  const first = script.lines[0];
  const madeAt =
    'when' in script ? momentOf(script.when, now) : momentOf(first ? whenOf(first) : '1m', now) - minute;
  happenings.push({ type: 'made', at: madeAt });
  for (const [line, entry] of script.lines.entries()) {
    const at = momentOf(whenOf(entry), now);
    if (isSaid(entry)) happenings.push(...said(entry, { line, at, named }));
    else happenings.push({ type: 'changed', at, change: entry });
  }
  return happenings.map((one) => ({ ...one, at: Math.min(one.at, now) })).sort((a, b) => a.at - b.at);
}

type Place = { readonly line: number; readonly at: number; readonly named: Map<string, number> };

function said([, by, text, more = {}]: Said, { line, at, named }: Place): Happening[] {
  if (more.as) named.set(more.as, line);
  const reply = more.reply === undefined ? null : (named.get(more.reply) ?? null);
  return [{ type: 'said', at, line, by, text, reply }, ...aftermath(more, { line, at, by, reply })];
}

function aftermath(
  more: More,
  { line, at, by, reply }: { line: number; at: number; by: Name; reply: number | null },
): Happening[] {
  const reactions = Object.entries(more.react ?? {}).map(
    ([who, emoji], index): Happening => ({
      type: 'reacted',
      at: at + (index + 1) * 1.5 * minute,
      line,
      by: who as Name,
      emoji,
    }),
  );
  return [
    ...reactions,
    ...(more.edited
      ? [{ type: 'edited' as const, at: at + 2 * minute, line, by, text: more.edited, reply }]
      : []),
    ...(more.deleted ? [{ type: 'deleted' as const, at: at + 3 * minute, line, by }] : []),
  ];
}

export const isSaid = (entry: Said | Changed): entry is Said => Array.isArray(entry);

const whenOf = (entry: Said | Changed) => (isSaid(entry) ? entry[0] : entry.when);
