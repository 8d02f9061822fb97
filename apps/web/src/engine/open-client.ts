import { secureId, systemClock } from '@tidings/api/clock';
import { type LazyMedia, lazyMedia } from '../media/lazy-media';
import { pictureCache } from '../service-worker/shared';
import type { Client, Self } from './client';
import { firstPaint } from './first-paint';
import { LiveQueries } from './live-queries';
import { loadEngine } from './load-engine';
import { MessageWindow } from './message-window';
import { askToKeep, openStore } from './open-store';
import { OverflowStore } from './overflow-store';
import { followPage } from './page-activity';
import { pageApp } from './page-app';
import { People } from './people';
import { Screen } from './screen';
import { StateMirror } from './state-mirror';
import { aloneLeadership, lockLeadership } from './tabs/leadership';
import { openChannel, silentChannel } from './tabs/messages';
import { TabEngine } from './tabs/tab-engine';
import { WindowsAhead } from './windows-ahead';

/** Everything of a signed-in tab, on the store of this device. Needs no network. */
export async function openClient(self: Self): Promise<Client> {
  const opened = await openStore(self, () => syncWhenAway(engine));
  const store = new OverflowStore(opened.store);
  const { kept } = opened;
  const name = `tidings/${self.userId}`;
  // Tabs that share no store can't share an engine: what the leader learns would never reach the others.
  const together = kept && 'locks' in navigator && 'BroadcastChannel' in globalThis;
  const engine: TabEngine = new TabEngine({
    self,
    store,
    startEngine: async () => {
      await firstPaint.local;
      const { connect } = await loadEngine();
      return connect(self, store, media.deviceAssets);
    },
    leadership: together ? lockLeadership(navigator.locks, name) : aloneLeadership,
    channel: together ? openChannel(name) : silentChannel,
    clock: systemClock,
    makeId: secureId,
    trouble: kept ? null : { type: 'storage-refused' },
  });
  const media = lazyMedia(async (rules) => {
    await firstPaint.shown;
    const { loadMedia } = await import('../media/load-media');
    return loadMedia(engine, store, kept, rules);
  });
  void finishPreparing(media, store);
  const endFollowing = followPage(engine);
  if (kept) void firstPaint.local.then(() => askToKeep(Date.now()));
  firstPaint.atLatest();
  const people = new People(store, (users) => engine.needProfiles(users));
  const state = new StateMirror(engine);
  lookForUpdates(state);
  return {
    ...{ self, engine, store, people, state, media },
    queries: new LiveQueries(store),
    screen: new Screen((users, conversations) => engine.watch(users, conversations)),
    windows: new WindowsAhead(
      (conversation) => new MessageWindow({ conversation, reads: store, engine, own: self }),
    ),
    forget: async () => {
      endFollowing();
      people.close();
      state.close();
      await engine.stop();
      await media.close();
      await store.destroy();
      const { forgetMedia } = await import('../media/forget-media');
      await forgetMedia(self.userId);
      await forgetTraces();
    },
  };
}

/** With a line the page sends by itself; without one the browser does it when there is a network again, page or no page. */
function syncWhenAway(engine: TabEngine): void {
  const { type } = engine.state.connection;
  if (type !== 'live' && type !== 'syncing') void pageApp.worker?.syncOutbox();
}

/** What an earlier page was making ready when it was closed. */
async function finishPreparing(media: LazyMedia, store: OverflowStore): Promise<void> {
  await firstPaint.shown;
  const waits = (await store.outbox()).some((item) => item.state.type === 'preparing');
  if (waits) await media.loaded();
}

function lookForUpdates(state: StateMirror): void {
  let live = false;
  state.subscribe(() => {
    const before = live;
    live = state.get().connection.type === 'live';
    if (live && !before) pageApp.worker?.serverIsBack();
  });
}

/** What else a user leaves in a browser: pictures, the number on the app's icon, notifications. */
async function forgetTraces(): Promise<void> {
  await globalThis.caches?.delete(pictureCache).catch(() => false);
  await navigator.clearAppBadge?.().catch(() => {});
  const registration = await navigator.serviceWorker?.getRegistration().catch(() => undefined);
  for (const notification of (await registration?.getNotifications()) ?? []) notification.close();
}
