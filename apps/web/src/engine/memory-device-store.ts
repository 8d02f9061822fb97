import type { ConversationId, Seq } from '@tidings/api/ids';
import { seq } from '@tidings/api/ids';
import type { LocalEntry, OutboxItem } from '@tidings/client/local-store';
import { MemoryStore } from '@tidings/client/memory-store';
import { type DeviceStore, type LocalReads, starPrefix, starredSeqs } from './device-store';

/** For a browser that refuses to keep anything: chatting works, and all of it is gone with the tab. */
export class MemoryDeviceStore extends MemoryStore implements DeviceStore {
  async lines(
    conversation: ConversationId,
    first: Seq,
    last: Seq,
    from: 'oldest' | 'newest',
    limit: number,
  ): Promise<readonly LocalEntry[]> {
    const lines: LocalEntry[] = [];
    let [low, high]: [number, number] = [first, last];
    while (lines.length < limit && low <= high) {
      const rows = await this.entries(conversation, seq(low), seq(high), from, limit);
      const found = rows.filter((row) => row.visible === 1);
      if (from === 'oldest') lines.push(...found);
      else lines.unshift(...found);
      if (rows.length < limit) break;
      if (from === 'oldest') low = (rows.at(-1)?.seq ?? high) + 1;
      else high = (rows[0]?.seq ?? low) - 1;
    }
    return from === 'oldest' ? lines.slice(0, limit) : lines.slice(-limit);
  }

  async waiting(conversation: ConversationId): Promise<readonly OutboxItem[]> {
    return (await this.outbox()).filter((item) => item.conversationId === conversation);
  }

  async starred(conversation: ConversationId): Promise<readonly Seq[]> {
    return starredSeqs(conversation, this.itemKeys(starPrefix(conversation)));
  }

  live<T>(read: (reads: LocalReads) => Promise<T>, listener: (value: T) => void): () => void {
    let state: 'idle' | 'reading' | 'again' | 'ended' = 'idle';
    const run = async () => {
      if (state !== 'idle') {
        if (state === 'reading') state = 'again';
        return;
      }
      state = 'reading';
      const value = await read(this);
      const after: string = state;
      if (after === 'ended') return;
      state = 'idle';
      if (after === 'again') void run();
      else listener(value);
    };
    const end = this.observe(() => void run());
    void run();
    return () => {
      state = 'ended';
      end();
    };
  }

  destroy(): Promise<void> {
    return this.wipe();
  }

  close(): void {}
}
