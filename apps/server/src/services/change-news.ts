import type { ConversationId } from '@tidings/api/ids';
import type { UserRecord } from '@tidings/db/directory/port';
import type { Envelope } from './envelope.ts';
import type { Access, Logger, News, Profiles } from './parts.ts';
import { logTrouble } from './trouble.ts';
import type { WebSocketHandler } from './websocket-handler.ts';
import { everyProcess, type WebSocketManager } from './websocket-manager.ts';

export type ChangeNewsParts = {
  readonly access: Pick<Access, 'forget'>;
  readonly profiles: Pick<Profiles, 'learn'>;
  readonly manager: Pick<WebSocketManager, 'sendToTopics'>;
  readonly handler: Pick<WebSocketHandler, 'listen'>;
  readonly logger: Logger;
};

/**
 * What is cached of the directory is put right in every process as soon as one of them changes it. Else who was removed from a group
 * could go on at another handler for as long as that believes what it knows, and devices that hear of a change and ask for
 * it would be shown what was before, and not ask again.
 */
export class ChangeNews implements News {
  readonly #parts: ChangeNewsParts;

  constructor(parts: ChangeNewsParts) {
    this.#parts = parts;
    parts.handler.listen({
      changed: (envelope) => {
        if (envelope.type === 'user-changed') parts.profiles.learn(envelope.record);
        else parts.access.forget(envelope.conversationId);
      },
    });
  }

  conversation(conversationId: ConversationId): Promise<void> {
    return this.#tell({ type: 'conversation-changed', conversationId });
  }

  user(record: UserRecord): Promise<void> {
    return this.#tell({ type: 'user-changed', record });
  }

  async #tell(envelope: Envelope): Promise<void> {
    try {
      await this.#parts.manager.sendToTopics([everyProcess], envelope);
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'a change was not told; others see it when their caches run out');
    }
  }
}
