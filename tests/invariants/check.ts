import {
  accountIsFolded,
  devicesHoldTheirSpans,
  devicesShowTheLog,
  nothingIsStuck,
  unreadIsEqual,
} from './device-checks.ts';
import type { History } from './history.ts';
import {
  acknowledgedIsThere,
  deletedIsErased,
  logsHaveNoHoles,
  marksGrow,
  membersFollowTheLog,
  nothingIsInvented,
  nothingIsLost,
  nothingOutsideSpansIsRead,
  onlyMembersWrite,
  orderIsKept,
  retriesAddNothing,
} from './log-checks.ts';
import { ticksSayWhatIsStored } from './tick-checks.ts';
import type { Violation } from './violation.ts';

export type { Violation } from './violation.ts';

const checks: readonly ((history: History) => Violation[])[] = [
  acknowledgedIsThere,
  nothingIsLost,
  nothingIsInvented,
  orderIsKept,
  retriesAddNothing,
  onlyMembersWrite,
  logsHaveNoHoles,
  deletedIsErased,
  marksGrow,
  membersFollowTheLog,
  nothingOutsideSpansIsRead,
  devicesShowTheLog,
  devicesHoldTheirSpans,
  unreadIsEqual,
  ticksSayWhatIsStored,
  accountIsFolded,
  nothingIsStuck,
];

/** Every rule that a history at rest shows broken; an empty answer means that none is. */
export function checkHistory(history: History): Violation[] {
  return checks.flatMap((check) => check(history));
}
