import { secureId } from '@tidings/api/clock';
import { encodeContent } from '@tidings/api/content';
import { type ConversationId, clientId, type Seq, userId } from '@tidings/api/ids';
import { limits } from '@tidings/api/protocol';
import type { Engine } from '@tidings/client/engine-port';
import { connectNode, newDeviceId, signUp } from '@tidings/client/node';
import { password } from './person.ts';

/** Somebody without a screen, who says more than anybody could type. */
export class Talker implements AsyncDisposable {
  readonly #engine: Engine;

  private constructor(engine: Engine) {
    this.#engine = engine;
  }

  static async join(url: string, name: string): Promise<Talker> {
    const username = `talker-${secureId().slice(0, 8)}`;
    const account = { username, displayName: name, password, deviceId: newDeviceId(), deviceName: 'Talker' };
    const session = await signUp(url, account);
    return new Talker(connectNode({ url, session, deviceId: account.deviceId }));
  }

  /** A group of the talker and one other. */
  async createGroup(name: string, username: string): Promise<ConversationId> {
    const { api } = this.#engine;
    const [found] = await api.user.search.query({ query: username });
    if (!found) throw new Error(`there is no ${username}`);
    const members = [userId(found.userId)];
    const { conversationId } = await api.group.create.mutate({
      clientId: clientId(secureId()),
      name,
      members,
    });
    return conversationId as ConversationId;
  }

  /** Answers the position of the last one. */
  async say(conversationId: ConversationId, texts: readonly string[]): Promise<Seq> {
    let last = 0 as Seq;
    for (let at = 0; at < texts.length; at += limits.batch) {
      const messages = texts.slice(at, at + limits.batch).map((text) => ({
        ...{ conversationId, clientId: clientId(secureId()), kind: 'message' as const },
        content: encodeContent({ type: 'text', text }),
      }));
      for (const result of await this.#engine.api.message.send.mutate({ messages })) {
        if (!('seq' in result)) throw new Error(`refused: ${result.error}`);
        last = result.seq;
      }
    }
    return last;
  }

  /** True when everybody else has it, and so all before it. */
  async isDelivered(conversationId: ConversationId, seq: Seq): Promise<boolean> {
    const { members } = await this.#engine.api.message.info.query({ conversationId, seq });
    return members.every((member) => member.deliveredAt !== null);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#engine.stop();
  }
}
