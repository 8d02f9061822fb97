import type { AccountApi } from './account.ts';
import type { AdminApi } from './admin.ts';
import type { AssetApi } from './asset.ts';
import type { ConversationApi, GroupApi } from './conversation.ts';
import type { DeveloperApi } from './developer.ts';
import type { DeviceApi } from './device.ts';
import type { InviteApi } from './invite.ts';
import type { MessageApi } from './message.ts';
import type { PresenceApi } from './presence.ts';
import type { ReceiptApi } from './receipt.ts';
import type { ReportApi } from './report.ts';
import type { StreamApi, SyncApi } from './sync.ts';
import type { UserApi } from './user.ts';

/** What the routers call: one service per topic, made by a profile of the server. */
export type Services = {
  readonly stream: StreamApi;
  readonly sync: SyncApi;
  readonly messages: MessageApi;
  readonly receipts: ReceiptApi;
  readonly conversations: ConversationApi;
  readonly groups: GroupApi;
  readonly users: UserApi;
  readonly devices: DeviceApi;
  readonly presence: PresenceApi;
  readonly accounts: AccountApi;
  readonly invites: InviteApi;
  readonly assets: AssetApi;
  readonly developer: DeveloperApi;
  readonly reports: ReportApi;
  readonly admin: AdminApi;
};
