import type { ConversationId, UserId } from '@tidings/api/ids';

/** What one view has on the screen. `open` is the conversation that is being read: it syncs first. */
export type Shown = {
  readonly users?: readonly UserId[];
  readonly conversations?: readonly ConversationId[];
  readonly open?: ConversationId | null;
};

/** Adds up what the views show and tells the engine once per tick, since each telling replaces the one before. */
export class Screen {
  readonly #watch: (users: readonly UserId[], conversations: readonly ConversationId[]) => void;
  readonly #shown = new Set<Shown>();
  #told = '';
  #planned = false;

  constructor(watch: (users: readonly UserId[], conversations: readonly ConversationId[]) => void) {
    this.#watch = watch;
  }

  show(shown: Shown): () => void {
    this.#shown.add(shown);
    this.#plan();
    return () => {
      this.#shown.delete(shown);
      this.#plan();
    };
  }

  #plan(): void {
    if (this.#planned) return;
    this.#planned = true;
    setTimeout(() => {
      this.#planned = false;
      this.#tell();
    }, 50);
  }

  #tell(): void {
    const all = [...this.#shown];
    const users = [...new Set(all.flatMap((shown) => shown.users ?? []))].slice(0, 200);
    const open = all.flatMap((shown) => shown.open ?? []);
    const conversations = [...new Set([...open, ...all.flatMap((shown) => shown.conversations ?? [])])].slice(
      0,
      50,
    );
    const told = JSON.stringify([users, conversations]);
    if (told === this.#told) return;
    this.#told = told;
    this.#watch(users, conversations);
  }
}
