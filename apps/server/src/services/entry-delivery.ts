import type { Entry } from '@tidings/api/entry';
import { type ConversationId, conversationKind, usersNamedBy } from '@tidings/api/ids';
import type { Log } from '@tidings/bus/log/port';
import type { AccountRedelivery } from './account-redelivery.ts';
import type { Delivery, GroupNotice, Logger } from './parts.ts';
import { entryEvent, type Redelivery } from './redelivery.ts';
import { logTrouble } from './trouble.ts';
import { UnderWay } from './under-way.ts';

export const groupTopic = 'group-entries';

export type EntryDeliveryParts = {
  readonly delivery: Delivery;
  readonly groupLog: Log<GroupNotice>;
  readonly redelivery: Redelivery;
  readonly accountRedelivery: AccountRedelivery;
  readonly logger: Logger;
};

/**
 * What happens to entries once they are durable. Direct: pushed to the devices of both. Group: the group message handler is told
 * of them. Account: pushed to the user's devices. All of it may fail without loss; redelivery and the devices' reads catch up.
 */
export class EntryDelivery {
  readonly #parts: EntryDeliveryParts;
  readonly #notices = new UnderWay();

  constructor(parts: EntryDeliveryParts) {
    this.#parts = parts;
  }

  /** Of one conversation, ascending. Never throws. */
  deliver(conversation: ConversationId, entries: readonly Entry[]): void {
    const last = entries.at(-1);
    if (!last) return;
    const { redelivery, accountRedelivery, delivery } = this.#parts;
    const kind = conversationKind(conversation);
    const users = usersNamedBy(conversation);
    if (kind === 'account') for (const user of users) accountRedelivery.accepted(user, last);
    else redelivery.accepted(conversation, entries[0]!.seq, last.seq);
    if (kind === 'group') this.#produce(conversation, entries);
    else delivery.tell(users, entries.map(entryEvent));
  }

  /** Resolves when the group message handler has been told of everything. */
  drain(): Promise<void> {
    return this.#notices.settled();
  }

  #produce(conversation: ConversationId, entries: readonly Entry[]): void {
    const records = entries.map(({ seq }) => ({
      key: conversation,
      value: { conversationId: conversation, seq },
    }));
    const produced = this.#parts.groupLog.produce(groupTopic, records).catch((error: unknown) => {
      logTrouble(this.#parts.logger, error, 'group notice lost; redelivery will push', { conversation });
    });
    this.#notices.add(produced);
  }
}
