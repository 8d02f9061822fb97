import { encodeContent, type SentContent } from '@tidings/api/content';
import { type ConversationId, clientId, deviceId, groupId, seq, type UserId, userId } from '@tidings/api/ids';
import type { LocalConversation, LocalEntry } from '@tidings/client/local-store';
import { createRoot } from 'react-dom/client';
import { type Client, ClientProvider } from '../../engine/client';
import { Database } from '../../engine/database';
import { DexieStore } from '../../engine/dexie-store';
import { LiveQueries } from '../../engine/live-queries';
import { MessageWindow } from '../../engine/message-window';
import { People } from '../../engine/people';
import { Screen } from '../../engine/screen';
import { StateMirror } from '../../engine/state-mirror';
import { FakeEngine } from '../../engine/testing/fake-engine';
import { WindowsAhead } from '../../engine/windows-ahead';
import { MenuLayer } from '../../look/menu-layer';
import { WordsProvider } from '../../words/words';
import { Conversation } from '../conversation';
import { HarnessMedia } from './harness-media';
import '../../look/tokens.css';
import '../../look/base.css';

/**
 * A page with one conversation on a real IndexedDB and an engine that only writes down what it is asked: to measure in a real
 * browser what scrolling through a long log does. `window.harness` is the way in.
 */
const self = userId('self-user-0001');
const device = deviceId('device-of-the-harness');
const id: ConversationId = groupId('harness-group');
const people = Array.from({ length: 12 }, (_, index) => userId(`person-${String(index).padStart(4, '0')}`));
const startedAt = Date.UTC(2024, 0, 1, 8);
const everyMs = 7 * 60_000;

const fake = new FakeEngine();
const engine = fake.asEngine({ userId: self, deviceId: device }) as Client['engine'];
const store = new DexieStore(new Database(self));
const media = new HarnessMedia();

/** The same numbers in every run. */
function randoms(start: number) {
  let state = start;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const vocabulary =
  'tide harbour wind anchor sail mist lantern rope gull wave compass chart storm pier deck island'.split(' ');

function entryAt(at: number): LocalEntry {
  const random = randoms(at * 7_919 + 1);
  const sender = people[Math.floor(random() ** 2 * people.length)] as UserId;
  const own = random() < 0.3;
  const length = random() < 0.05 ? 90 + random() * 200 : 1 + random() ** 3 * 60;
  const text = Array.from({ length }, () => vocabulary[Math.floor(random() * vocabulary.length)]).join(' ');
  const replies = random() < 0.1 && at > 10;
  const replyTo = replies
    ? { replyTo: { seq: seq(at - 5), sender, preview: 'What about the harbour?' } }
    : {};
  return {
    conversationId: id,
    seq: seq(at),
    kind: at % 97 === 0 ? 'change' : 'message',
    sender: own ? self : sender,
    device,
    clientId: clientId(`harness-${at}`),
    sentAt: startedAt + Math.floor((at * everyMs) / 3),
    content:
      at % 97 === 0
        ? '{"type":"described","description":"x"}'
        : encodeContent({ type: 'text', text: `${at} ${text}`, ...replyTo }),
    visible: 1,
    send: `harness-${at}`,
    ...(random() < 0.08 ? { reactions: { '👍': [sender], '❤️': [people[1] as UserId] } } : {}),
  };
}

function conversationOf(
  count: number,
  from: number,
  more: Partial<LocalConversation> = {},
): LocalConversation {
  return {
    conversationId: id,
    kind: 'group',
    head: seq(count),
    joinedSeq: seq(1),
    removedSeq: null,
    role: 'member',
    delivered: seq(count),
    read: seq(count),
    othersDelivered: seq(count),
    othersRead: seq(Math.max(0, count - 3)),
    headAt: startedAt + count * everyMs,
    group: { name: 'Harbour crew', description: '', iconId: null, memberCount: people.length + 1 },
    peer: null,
    ranges: [{ first: seq(from), last: seq(count) }],
    unread: 0,
    last: null,
    pinnedAt: null,
    mutedUntil: null,
    archived: false,
    clearedSeq: seq(0),
    draft: null,
    activityAt: startedAt,
    ...more,
  };
}

const put = (conversation: LocalConversation) => store.apply([{ type: 'put-conversation', conversation }]);

const harness = {
  asked: fake.asked,
  /** How many older pages came. */
  pages: 0,
  async seed(count: number): Promise<void> {
    for (let first = 1; first <= count; first += 5_000) {
      const entries = Array.from({ length: Math.min(5_000, count - first + 1) }, (_, index) =>
        entryAt(first + index),
      );
      await store.apply([{ type: 'put-entries', entries }]);
    }
    const profiles = people.map((user, index) => ({
      userId: user,
      username: `person${index}`,
      displayName: `Person ${'ABCDEFGHIJKL'[index]}`,
      about: '',
      avatarId: null,
      bot: false,
    }));
    await store.apply([{ type: 'put-profiles', profiles }]);
    await put(conversationOf(count, 1));
  },
  /** Only what is above `from` counts as held; older pages take `delayMs` to come, as from a server. */
  async holdFrom(count: number, from: number, delayMs: number): Promise<void> {
    await put(conversationOf(count, from));
    let held = from;
    fake.answers.set('loadOlder', async () => {
      await new Promise((resolve) => setTimeout(resolve, delayMs));
      held = Math.max(1, held - 60);
      await put(conversationOf(count, held));
      harness.pages += 1;
      return held > 1;
    });
  },
  async change(count: number, more: Partial<LocalConversation>): Promise<void> {
    await put(conversationOf(count, 1, more));
  },
  /** Somebody writes. */
  async append(count: number): Promise<void> {
    const entry = {
      ...entryAt(count),
      sender: people[0] as UserId,
      kind: 'message',
      content: encodeContent({ type: 'text', text: `new ${count}` }),
    };
    await store.apply([
      { type: 'put-entries', entries: [entry] },
      { type: 'put-conversation', conversation: conversationOf(count, 1, { last: entry }) },
    ]);
  },
  async edit(at: number, text: string): Promise<void> {
    const entry = { ...entryAt(at), content: encodeContent({ type: 'text', text }), editedAt: Date.now() };
    await store.apply([{ type: 'put-entries', entries: [entry] }]);
  },
  /** One more message at the end, with whatever in it. */
  async appendContent(at: number, content: SentContent, sender: 'self' | 'other' = 'other'): Promise<void> {
    const from = sender === 'self' ? self : (people[0] as UserId);
    const entry = { ...entryAt(at), sender: from, kind: 'message', content: encodeContent(content) };
    await store.apply([
      { type: 'put-entries', entries: [entry] },
      { type: 'put-conversation', conversation: conversationOf(at, 1, { last: entry }) },
    ]);
  },
  media,
  show(): void {
    const client: Client = {
      self: { userId: self, deviceId: device, username: 'self', displayName: 'Self' },
      engine,
      store,
      queries: new LiveQueries(store),
      people: new People(store, () => {}),
      screen: new Screen(() => {}),
      state: new StateMirror(engine),
      media,
      windows: new WindowsAhead(
        () =>
          new MessageWindow({
            conversation: id,
            reads: store,
            engine,
            own: { userId: self, deviceId: device },
          }),
      ),
      forget: async () => {},
    };
    const root = createRoot(document.getElementById('root') as HTMLElement);
    root.render(
      <WordsProvider>
        <ClientProvider client={client}>
          <Conversation conversationId={id} />
          <MenuLayer />
        </ClientProvider>
      </WordsProvider>,
    );
    harness.hide = () => root.unmount();
  },
  hide: (): void => {},
};

Object.assign(window, { harness });
