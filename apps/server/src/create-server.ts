import type { Running } from '@tidings/api/clock';
import { type HandlerId, handlerId } from '@tidings/api/ids';
import type { Services } from '@tidings/api/services';
import { CachedAccess } from './services/access.ts';
import { AccountRedelivery } from './services/account-redelivery.ts';
import { AccountService } from './services/account-service.ts';
import { AppendQueue } from './services/append-queue.ts';
import { AssetDownloads } from './services/asset-downloads.ts';
import { AssetLinks } from './services/asset-links.ts';
import { type AssetLimits, AssetService } from './services/asset-service.ts';
import { AssetSweeper } from './services/asset-sweeper.ts';
import { BotRules } from './services/bot-rules.ts';
import type { CacheUse } from './services/cache-use.ts';
import { CarriedAssets } from './services/carried-assets.ts';
import { ChangeNews } from './services/change-news.ts';
import { Contacts } from './services/contacts.ts';
import { ConversationService } from './services/conversation-service.ts';
import { DeveloperService } from './services/developer-service.ts';
import { DeviceService } from './services/device-service.ts';
import { EntryDelivery } from './services/entry-delivery.ts';
import { Erasure } from './services/erasure.ts';
import { Forwarding } from './services/forwarding.ts';
import { GroupMessageHandler } from './services/group-message-handler.ts';
import { GroupReceipts } from './services/group-receipts.ts';
import { GroupService } from './services/group-service.ts';
import { InviteService } from './services/invite-service.ts';
import { LastLines } from './services/last-lines.ts';
import { LastSeenService } from './services/last-seen-service.ts';
import { Lines } from './services/lines.ts';
import { LogReader } from './services/log-reader.ts';
import { MessageReading } from './services/message-reading.ts';
import { MessageService } from './services/message-service.ts';
import type { Ports } from './services/parts.ts';
import { PresenceService } from './services/presence-service.ts';
import { PresenceView } from './services/presence-view.ts';
import { CachedProfiles } from './services/profiles.ts';
import { ProgramService } from './services/program-service.ts';
import { ReceiptService } from './services/receipt-service.ts';
import { Redelivery } from './services/redelivery.ts';
import { RequestSweeper } from './services/request-sweeper.ts';
import { Retention } from './services/retention.ts';
import { SendSearch } from './services/send-search.ts';
import { ServerAppender } from './services/server-appender.ts';
import { SyncService } from './services/sync-service.ts';
import { TailCache } from './services/tail-cache.ts';
import { UploadService } from './services/upload-service.ts';
import { UserService } from './services/user-service.ts';
import { WebSocketHandler } from './services/websocket-handler.ts';
import { WebSocketManager } from './services/websocket-manager.ts';

export type ServerOptions = {
  /** New at each start. */
  readonly handlerId?: HandlerId;
  readonly retention: 'keep' | 'delete-after-delivery';
  /** Other processes serve the same stores: what they change is seen after some seconds, instead of minutes. */
  readonly shared: boolean;
  /** False where group message handlers run as processes of their own, which then also sweep. */
  readonly handlesGroups?: boolean;
  /** Hears how old each entry of a group is when it is brought to its members. */
  readonly onGroupDelivered?: (ageMs: number) => void;
  readonly leaseMs?: number;
  readonly tailCacheBytes?: number;
  readonly assets: AssetOptions;
};

export type AssetOptions = AssetLimits & {
  /** Signs links to assets; the same for all who give them and all who check them. */
  readonly linkSecret: string;
};

/** One process of Tidings on whatever ports it is given. Any number of them can run on the same ones. */
export type TidingsServer = Running & {
  readonly services: Services;
  readonly handler: WebSocketHandler;
  readonly uploads: UploadService;
  readonly downloads: AssetDownloads;
  readonly links: AssetLinks;
  /** What programs do, over the services. */
  readonly programs: ProgramService;
  readonly watched: WatchedParts;
};

/** What keeps numbers about itself: see `metrics/server-metrics.ts`. */
export type WatchedParts = {
  readonly lines: Lines;
  readonly manager: WebSocketManager;
  readonly messages: MessageService;
  readonly queue: AppendQueue;
  readonly redelivery: Redelivery;
  readonly groupHandler: GroupMessageHandler;
  readonly channel: Ports['channel'];
  readonly assets: AssetService;
  readonly uploads: UploadService;
  readonly downloads: AssetDownloads;
  readonly assetSweeper: AssetSweeper;
  /** By name. */
  readonly caches: Readonly<Record<string, CacheUse>>;
};

export async function createServer(ports: Ports, options: ServerOptions): Promise<TidingsServer> {
  const { clock, makeId } = ports;
  const { shared, retention } = options;

  const access = new CachedAccess(ports, { groupMs: shared ? 5_000 : 600_000, maxViews: 50_000 });
  const profiles = new CachedProfiles(ports, { keepMs: shared ? 10_000 : 600_000, maxRecords: 50_000 });
  const tails = new TailCache({ maxBytes: options.tailCacheBytes ?? 64 * 1024 * 1024 });
  const reader = new LogReader({ ...ports, tails }, { dropsBuckets: retention === 'delete-after-delivery' });
  const head = async (conversation: Parameters<typeof reader.head>[0]) =>
    (await reader.head(conversation)).seq;
  const queue = new AppendQueue({ ...ports, tails, head });
  const base = { ...ports, access, profiles, tails, reader, queue };

  const lines = new Lines();
  const manager = new WebSocketManager(
    { ...ports, lines },
    {
      handlerId: options.handlerId ?? handlerId(makeId()),
      leaseMs: options.leaseMs ?? 10_000,
      lookupMs: shared ? 2_000 : 0,
    },
  );
  const forwarding = new Forwarding({ clock, lines, manager });
  const handler = new WebSocketHandler({ ...base, manager, lines, forwarding });

  const carried = new CarriedAssets(base);
  const links = new AssetLinks({ clock, secret: options.assets.linkSecret });
  const assets = new AssetService({ ...base, carried, links }, options.assets);
  const uploads = new UploadService(ports);
  const downloads = new AssetDownloads(ports);
  const assetSweeper = new AssetSweeper({ ...ports, carried });
  const erasure = new Erasure(base);
  const redelivery = new Redelivery({ ...base, manager });
  const accountRedelivery = new AccountRedelivery({ ...base, manager });
  const delivery = new EntryDelivery({ ...ports, delivery: manager, redelivery, accountRedelivery });
  const appender = new ServerAppender({ ...base, delivery });
  const groupReceipts = new GroupReceipts({ ...base, delivery: manager });
  const sync = new SyncService({ ...base, lastLines: new LastLines(base) });
  const news = new ChangeNews({ ...base, manager, handler });
  const edge = { ...base, appender, delivery: manager, news, sync };
  const groups = new GroupService(edge);
  const groupHandler = new GroupMessageHandler({
    ...base,
    log: ports.groupLog,
    manager,
    changes: groups,
    receipts: groupReceipts,
    erasure,
    onDelivered: options.onGroupDelivered,
  });
  const sweeper = new Retention(ports);
  const lastSeen = new LastSeenService(ports);
  const view = new PresenceView({
    profiles,
    lastSeen,
    manager,
    contacts: new Contacts({ access, reader, clock }),
  });
  const presence = new PresenceService({ ...base, manager, handler, lastSeen, view });

  const messages = new MessageService({
    ...base,
    carried,
    delivery,
    erasure,
    search: new SendSearch(base),
    reading: new MessageReading({ ...base, erasure }),
  });
  const services: Services = {
    stream: handler,
    sync,
    messages,
    receipts: new ReceiptService({ ...base, delivery: manager, groups: groupReceipts }),
    conversations: new ConversationService(edge),
    groups,
    users: new UserService(edge),
    devices: new DeviceService({ sessions: ports.sessions, gate: handler }),
    presence,
    accounts: new AccountService({ appender, reader, states: ports.accountStates }),
    invites: new InviteService(ports),
    assets,
    developer: new DeveloperService(ports),
  };
  const rules = new BotRules(base);
  const programs = new ProgramService({ ...base, services, rules });
  const requestSweeper = new RequestSweeper(ports);

  /** What was accepted is stored, and whoever is to know of it has been told, or will be by others. */
  const toldAll = async () => {
    await queue.drain();
    await delivery.drain();
    await redelivery.drain();
    await manager.drain();
  };

  await handler.run();
  const cancelRepair = groups.run();
  if (options.handlesGroups ?? true) {
    await groupHandler.run();
    assetSweeper.run();
    requestSweeper.run();
    if (retention === 'delete-after-delivery') sweeper.run();
  }

  const caches = {
    memberships: access.cacheUse,
    profiles: profiles.cacheUse,
    tails: tails.cacheUse,
    lookups: manager.cacheUse,
    assets: downloads.cacheUse,
  };
  const watched = {
    lines,
    manager,
    messages,
    queue,
    redelivery,
    groupHandler,
    caches,
    channel: ports.channel,
    ...{ assets, uploads, downloads, assetSweeper },
  };
  return {
    services,
    handler,
    ...{ uploads, downloads, links, programs },
    watched,
    async drain() {
      await handler.drain();
      await toldAll();
    },
    async stop() {
      cancelRepair();
      for (const part of [
        sweeper,
        assetSweeper,
        requestSweeper,
        redelivery,
        accountRedelivery,
        groupReceipts,
        presence,
      ])
        part.stop();
      await groupHandler.stop();
      await toldAll();
      await handler.stop();
    },
  };
}
