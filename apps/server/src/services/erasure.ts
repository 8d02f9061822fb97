import type { Clock } from '@tidings/api/clock';
import type { ConversationId, Seq } from '@tidings/api/ids';
import type { AssetReferenceDirectory } from '@tidings/db/directory/port';
import type { MessageStore } from '@tidings/db/message-store/port';
import { LRUCache } from 'lru-cache';
import type { Logger } from './parts.ts';
import type { TailCache } from './tail-cache.ts';
import { logTrouble } from './trouble.ts';

const againMs = 1_000;
/** After this many tries it is left to the next reader who meets the message. */
const maxTries = 60;

export type ErasureParts = {
  readonly messages: Pick<MessageStore, 'effects' | 'read' | 'redact'>;
  readonly assetReferences: Pick<AssetReferenceDirectory, 'dropAt'>;
  readonly tails: TailCache;
  readonly clock: Clock;
  readonly logger: Logger;
};

/**
 * Takes out of the store what was deleted for everyone (LOG7), and lets go of the assets that it carried. The deletion stands in the log by then and the sender may have
 * been answered already, so nobody else would try again: this does, while the store is down. After a crash, whoever meets the
 * message or its deletion asks for it.
 */
export class Erasure {
  readonly #parts: ErasureParts;
  readonly #underWay = new Map<string, Promise<boolean>>();
  /** Found to be gone, or erased here. */
  readonly #gone = new LRUCache<string, true>({ max: 20_000 });

  constructor(parts: ErasureParts) {
    this.#parts = parts;
  }

  /** The message at `target` and its edits. Answers after the first try whether they are gone. Never rejects. */
  erase(conversation: ConversationId, target: Seq): Promise<boolean> {
    const key = `${conversation} ${target}`;
    const known = this.#underWay.get(key);
    if (known) return known;
    const firstTry = this.#try(key, conversation, target, 1);
    this.#underWay.set(key, firstTry);
    return firstTry;
  }

  /** A deletion was met: usually its target is long gone, and then nothing is written. */
  met(conversation: ConversationId, target: Seq): void {
    const key = `${conversation} ${target}`;
    if (this.#gone.has(key) || this.#underWay.has(key)) return;
    this.#gone.set(key, true);
    this.#isThere(conversation, target)
      .then((isThere) => (isThere ? this.erase(conversation, target) : undefined))
      .catch(() => this.#gone.delete(key));
  }

  async #isThere(conversation: ConversationId, target: Seq): Promise<boolean> {
    const { messages, tails } = this.#parts;
    const cached = tails.get(conversation, target);
    if (cached) return !cached.deleted;
    const span = { conversation, first: target, last: target, from: 'oldest', limit: 1 } as const;
    const [[entry] = []] = await messages.read([span]);
    return entry !== undefined && !entry.deleted;
  }

  async #try(key: string, conversation: ConversationId, target: Seq, tries: number): Promise<boolean> {
    try {
      await this.#eraseNow(conversation, target);
      this.#underWay.delete(key);
      return true;
    } catch (error) {
      logTrouble(this.#parts.logger, error, 'a deleted message is not erased yet', { conversation, target });
      if (tries < maxTries)
        this.#parts.clock.after(againMs, () => void this.#try(key, conversation, target, tries + 1));
      else this.#underWay.delete(key);
      return false;
    }
  }

  async #eraseNow(conversation: ConversationId, target: Seq): Promise<void> {
    const { messages, tails, assetReferences, clock } = this.#parts;
    const effects = await messages.effects(conversation, target, target, 1_000);
    const edits = effects.filter(({ kind }) => kind === 'edit').map((edit) => edit.seq);
    const positions = [target, ...edits];
    for (const position of positions) tails.redact(conversation, position);
    await Promise.all(positions.map((position) => messages.redact(conversation, position)));
    // Somebody may have read it meanwhile and kept it.
    for (const position of positions) tails.redact(conversation, position);
    // Erased, then let go of: a reference that is settled this moment looks whether its message is erased (see `carried-assets.ts`).
    await assetReferences.dropAt(conversation, target, clock.now());
    this.#gone.set(`${conversation} ${target}`, true);
  }
}
