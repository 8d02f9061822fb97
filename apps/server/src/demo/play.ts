import { createHash } from 'node:crypto';
import { encodeContent, type Quote, type TextContent } from '@tidings/api/content';
import { type ClientId, type ConversationId, clientId, type Seq, seq } from '@tidings/api/ids';
import type { Outgoing } from '@tidings/api/message';
import type { Services } from '@tidings/api/services';
import type { Caller } from '@tidings/api/trpc';
import type { Cast } from './cast.ts';
import type { Name } from './people.ts';
import type { Changed, Script } from './script.ts';
import type { ScriptClock } from './script-clock.ts';
import { type Happening, isSaid } from './timeline.ts';

export type StageParts = {
  readonly services: Pick<Services, 'messages' | 'receipts' | 'groups' | 'presence'>;
  readonly cast: Cast;
  readonly clock: ScriptClock;
};

/** Makes the conversation, or finds it made. */
export type Open = () => Promise<{
  readonly conversation: ConversationId;
  readonly present: readonly Name[];
}>;

/**
 * Plays one script through the services, as its people's devices would. Playing it again after an interruption changes nothing:
 * every send carries the same client id, and looks for itself from the beginning of the log.
 */
export class Stage {
  readonly #parts: StageParts;
  readonly #open: Open;
  #opened: ConversationId | null = null;
  readonly #present = new Set<Name>();
  readonly #sent = new Map<number, { readonly seq: Seq; readonly quote: Quote }>();
  /** Of each person, the message from which on they haven't read, and haven't got, anything. */
  readonly #unreadFrom: ReadonlyMap<Name, number>;
  readonly #missingFrom: ReadonlyMap<Name, number>;

  constructor(parts: StageParts, script: Script, open: Open) {
    this.#parts = parts;
    this.#open = open;
    this.#unreadFrom = cutoffs(script, script.unread);
    this.#missingFrom = cutoffs(script, script.undelivered);
  }

  get conversation(): ConversationId {
    if (!this.#opened) throw new Error('the conversation of the demonstration was not made yet');
    return this.#opened;
  }

  /** Where the message of a line stands, once it was said. */
  seqOf(line: number): Seq | null {
    return this.#sent.get(line)?.seq ?? null;
  }

  async play(happening: Happening): Promise<void> {
    this.#parts.clock.set(happening.at);
    switch (happening.type) {
      case 'made':
        return this.#make();
      case 'said':
        return this.#say(happening);
      case 'edited':
        return this.#send(happening, { kind: 'edit', content: this.#content(happening) });
      case 'deleted':
        return this.#send(happening, { kind: 'delete', content: '' });
      case 'reacted':
        return this.#send(happening, { kind: 'reaction', content: happening.emoji });
      case 'changed':
        return this.#change(happening.change);
    }
  }

  async #make(): Promise<void> {
    const { conversation, present } = await this.#open();
    this.#opened = conversation;
    for (const name of present) this.#present.add(name);
  }

  async #say(said: Happening & { type: 'said' }): Promise<void> {
    const caller = this.#parts.cast[said.by];
    await this.#parts.services.presence.act(caller, undefined, 'act');
    const position = await this.#deliver(caller, {
      conversationId: this.conversation,
      clientId: this.#idOf(said),
      kind: 'message',
      content: this.#content(said),
      retrySince: seq(0),
    });
    const quote: Quote = { seq: position, sender: caller.userId, preview: said.text.slice(0, 200) };
    this.#sent.set(said.line, { seq: position, quote });
    await this.#mark(position, said.at, said.line);
  }

  async #send(
    about: Happening & { line: number; by: Name },
    { kind, content }: Pick<Outgoing, 'kind' | 'content'>,
  ): Promise<void> {
    const target = this.#sent.get(about.line)?.seq;
    if (target === undefined) return;
    const message = {
      conversationId: this.conversation,
      clientId: this.#idOf(about),
      kind,
      target,
      content,
      retrySince: seq(0),
    };
    await this.#mark(await this.#deliver(this.#parts.cast[about.by], message), about.at, about.line);
  }

  async #deliver(caller: Caller, message: Outgoing): Promise<Seq> {
    const [result] = await this.#parts.services.messages.send(caller, [message]);
    if (!result || 'error' in result)
      throw new Error(`a line of the demonstration was refused: ${result?.error}`);
    return result.seq;
  }

  async #change({ who, does }: Changed): Promise<void> {
    const { services, cast } = this.#parts;
    const caller = cast[who];
    if ('add' in does) {
      await services.groups.add(
        caller,
        this.conversation,
        does.add.map((name) => cast[name].userId),
      );
      for (const name of does.add) this.#present.add(name);
    } else if ('remove' in does) {
      await services.groups.remove(caller, this.conversation, cast[does.remove].userId);
      this.#present.delete(does.remove);
    } else if ('leave' in does) {
      await services.groups.leave(caller, this.conversation);
      this.#present.delete(who);
    } else if ('admin' in does) {
      await services.groups.setRole(caller, this.conversation, cast[does.admin].userId, 'admin');
    } else {
      await services.groups.update(caller, { conversationId: this.conversation, description: does.describe });
    }
  }

  /** Everybody's device has it a moment later, and most people look soon. */
  async #mark(position: Seq, at: number, line: number): Promise<void> {
    const { clock, cast, services } = this.#parts;
    const mark = (name: Name, delivered: Seq, read: Seq) =>
      services.receipts.mark(cast[name], [{ conversationId: this.conversation, delivered, read }]);
    const reached = [...this.#present].filter(
      (name) => line < (this.#missingFrom.get(name) ?? Number.POSITIVE_INFINITY),
    );
    const looked = reached.filter((name) => line < (this.#unreadFrom.get(name) ?? Number.POSITIVE_INFINITY));
    clock.set(at + 1_000);
    await Promise.all(reached.map((name) => mark(name, position, seq(0))));
    clock.set(at + 20_000);
    await Promise.all(looked.map((name) => mark(name, position, position)));
  }

  #content({ text, reply }: { readonly text: string; readonly reply: number | null }): string {
    const quote = reply === null ? undefined : this.#sent.get(reply)?.quote;
    const content: TextContent = { type: 'text', text, ...(quote ? { replyTo: quote } : {}) };
    return encodeContent(content);
  }

  #idOf({ type, line, by }: Happening & { line: number; by: Name }): ClientId {
    const name = `${this.conversation} ${type} ${line} ${by}`;
    return clientId(createHash('sha256').update(name).digest('base64url').slice(0, 22));
  }
}

/** For each person, the line of the first of the last `count` messages. */
function cutoffs(script: Script, counts: Partial<Record<Name, number>> = {}): ReadonlyMap<Name, number> {
  const messages = script.lines.flatMap((line, index) => (isSaid(line) ? [index] : []));
  const cutoff = (count: number) => (count === 0 ? Number.POSITIVE_INFINITY : (messages.at(-count) ?? 0));
  return new Map(Object.entries(counts).map(([name, count]) => [name as Name, cutoff(count)]));
}
