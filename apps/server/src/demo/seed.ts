import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { clientId } from '@tidings/api/ids';
import type { Services } from '@tidings/api/services';
import type { AdministrationDirectory } from '@tidings/db/directory/administration-port';
import { type Cast, type CastParts, makeCast } from './cast.ts';
import { chats } from './chats.ts';
import { groups } from './groups.ts';
import { scene } from './pictures.ts';
import { Stage } from './play.ts';
import type { Chat, Group } from './script.ts';
import type { ScriptClock } from './script-clock.ts';
import { timelineOf } from './timeline.ts';

export type SeedParts = Omit<CastParts, 'userService'> & {
  readonly services: Services;
  readonly clock: ScriptClock;
  readonly administration: Pick<AdministrationDirectory, 'claimFirst'>;
};

const doneFile = 'demo-seeded';
export const isSeeded = (dataDir: string): boolean => existsSync(join(dataDir, doneFile));

/**
 * Fills a server with people, groups and some weeks of their talk, all of it through the services, with a clock that says what
 * the script says. Once: an interrupted seeding is taken up again, a finished one is left as people have made it since.
 */
export async function seedDemo(parts: SeedParts, dataDir: string, now: number): Promise<void> {
  parts.clock.set(now - longAgoMs);
  const cast = await makeCast({ ...parts, userService: parts.services.users });
  await parts.administration.claimFirst({ ...cast.anna, at: parts.clock.now() });
  const acts = [
    ...groups.map((group) => ({ stage: groupStage(parts, cast, group), timeline: timelineOf(group, now) })),
    ...chats.map((chat) => ({ stage: chatStage(parts, cast, chat), timeline: timelineOf(chat, now) })),
  ];
  const happenings = acts.flatMap(({ stage, timeline }) =>
    timeline.map((happening) => ({ stage, happening })),
  );
  happenings.sort((a, b) => a.happening.at - b.happening.at);
  for (const { stage, happening } of happenings) await stage.play(happening);
  await tidyUp(
    parts,
    cast,
    acts.map(({ stage }) => stage),
  );
  writeFileSync(join(dataDir, doneFile), `${new Date(now).toISOString()}\n`);
}

const longAgoMs = 40 * 24 * 3_600_000;

function groupStage(parts: SeedParts, cast: Cast, group: Group): Stage {
  const caller = cast[group.by];
  return new Stage({ ...parts, cast }, group, async () => {
    const { conversationId } = await parts.services.groups.create(caller, {
      clientId: clientId(`demo-group-${group.scene}`),
      name: group.name,
      description: group.description,
      members: group.with.map((name) => cast[name].userId),
    });
    const iconId = await parts.pictures.add(await scene(group.scene));
    await parts.services.groups.update(caller, { conversationId, iconId });
    return { conversation: conversationId, present: [group.by, ...group.with] };
  });
}

function chatStage(parts: SeedParts, cast: Cast, chat: Chat): Stage {
  const [opener, peer] = chat.between;
  return new Stage({ ...parts, cast }, chat, async () => {
    const { conversationId } = await parts.services.conversations.open(cast[opener], cast[peer].userId);
    return { conversation: conversationId, present: chat.between };
  });
}

/** Anna keeps her list in order: a pin, a star, a draft. */
async function tidyUp(
  { services, clock }: SeedParts,
  { anna }: Cast,
  stages: readonly Stage[],
): Promise<void> {
  const [hikers, , launch] = stages as readonly [Stage, Stage, Stage];
  const chloe = stages[groups.length + 2] as Stage;
  const battery = launch.seqOf(4);
  const at = clock.now();
  await services.accounts.put(anna, [
    { key: `pin:${hikers.conversation}`, value: at },
    { key: `draft:${chloe.conversation}`, value: { text: 'The section is in the drive, under', at } },
    ...(battery === null ? [] : [{ key: `star:${launch.conversation}:${battery}`, value: at }]),
  ]);
}
