import type { DeviceId, UserId } from '@tidings/api/ids';
import type { LocalChange, OutboxItem } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import type { Acknowledgement, MarkSeen, Send } from '../invariants/history.ts';

/** A device's store that writes down what went through it: what was sent, what was acknowledged, how marks moved. */
export class RecordingStore extends MemoryStore {
  readonly sends: Send[] = [];
  readonly acknowledgements: Acknowledgement[] = [];
  readonly marks: MarkSeen[] = [];
  readonly #user: UserId;
  readonly #device: DeviceId;
  readonly #known = new Set<string>();

  constructor(user: UserId, device: DeviceId) {
    super();
    this.#user = user;
    this.#device = device;
  }

  override async apply(changes: readonly LocalChange[]): Promise<void> {
    await super.apply(changes);
    for (const change of changes) this.#look(change);
  }

  #look(change: LocalChange): void {
    const [user, device] = [this.#user, this.#device];
    switch (change.type) {
      case 'put-outbox':
        this.#put(change.item);
        return;
      case 'put-conversation': {
        const { conversationId, delivered, read } = change.conversation;
        this.marks.push({ where: device, conversationId, user, delivered, read });
        return;
      }
      case 'put-entries':
        // An own entry that arrives is an acknowledgement as good as the answer.
        for (const { conversationId, clientId, device: from, seq, duplicate } of change.entries) {
          if (from === device && clientId && !duplicate)
            this.acknowledgements.push({ user, device, clientId, conversationId, seq });
        }
        return;
    }
  }

  #put({ clientId, conversationId, kind, content, state }: OutboxItem): void {
    const [user, device] = [this.#user, this.#device];
    if (!this.#known.has(clientId))
      this.sends.push({ user, device, clientId, conversationId, kind, content });
    this.#known.add(clientId);
    if (state.type === 'sent')
      this.acknowledgements.push({ user, device, clientId, conversationId, seq: state.seq });
  }
}
