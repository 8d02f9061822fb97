import type { DirectoryClient, DirectoryDatabase } from './client.ts';
import { PrismaAdministration } from './prisma-administration.ts';
import { PrismaAssetReferences } from './prisma-asset-references.ts';
import { PrismaAssetSweep } from './prisma-asset-sweep.ts';
import { PrismaAssets } from './prisma-assets.ts';
import { PrismaBots } from './prisma-bots.ts';
import { PrismaConversations } from './prisma-conversations.ts';
import { PrismaInvites } from './prisma-invites.ts';
import { PrismaReports } from './prisma-reports.ts';
import { PrismaResets } from './prisma-resets.ts';
import { PrismaSessions } from './prisma-sessions.ts';
import { PrismaUploads } from './prisma-uploads.ts';
import { PrismaUsers } from './prisma-users.ts';

/** A directory that is open. `client` is for better-auth, which keeps users and sessions in the same tables. */
export type Directory = {
  readonly users: PrismaUsers;
  readonly sessions: PrismaSessions;
  readonly conversations: PrismaConversations;
  readonly invites: PrismaInvites;
  readonly bots: PrismaBots;
  readonly assets: PrismaAssets;
  readonly assetReferences: PrismaAssetReferences;
  readonly assetSweep: PrismaAssetSweep;
  readonly uploads: PrismaUploads;
  readonly administration: PrismaAdministration;
  readonly reports: PrismaReports;
  readonly resets: PrismaResets;
  readonly client: DirectoryClient;
  readonly provider: 'sqlite' | 'mysql';
  close(): Promise<void>;
};

/** The same on any database of the directory's models. */
export function directoryOn(database: DirectoryDatabase): Omit<Directory, 'client' | 'provider' | 'close'> {
  return {
    users: new PrismaUsers(database),
    sessions: new PrismaSessions(database.primary),
    conversations: new PrismaConversations(database),
    invites: new PrismaInvites(database.primary),
    bots: new PrismaBots(database.primary),
    assets: new PrismaAssets(database.primary),
    assetReferences: new PrismaAssetReferences(database.primary),
    assetSweep: new PrismaAssetSweep(database.primary),
    uploads: new PrismaUploads(database.primary),
    administration: new PrismaAdministration(database.primary),
    reports: new PrismaReports(database.primary),
    resets: new PrismaResets(database.primary),
  };
}
