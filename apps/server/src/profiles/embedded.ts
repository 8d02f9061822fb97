import { join } from 'node:path';
import { type Clock, type MakeId, type Random, type Running, secureId } from '@tidings/api/clock';
import { MemoryChannel } from '@tidings/bus/channel/memory';
import { MemoryLocks } from '@tidings/bus/lock/memory';
import { MemoryLog } from '@tidings/bus/log/memory';
import { MemoryRegistry } from '@tidings/bus/registry/memory';
import { MemorySequencer } from '@tidings/bus/sequencer/memory';
import { FileBlobs } from '@tidings/db/blob-store/files';
import type { Directory } from '@tidings/db/directory/directory';
import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { FilePictures } from '@tidings/db/picture-store/files';
import type { PictureStore } from '@tidings/db/picture-store/port';
import { openSqliteStores } from '@tidings/db/sqlite/stores';
import { createServer, type ServerOptions, type TidingsServer } from '../create-server.ts';
import type { Logger, Ports } from '../services/parts.ts';

export type EmbeddedOptions = Pick<ServerOptions, 'retention' | 'assets'> & {
  /** There and ours alone: see `data-folder.ts`. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly random?: Random;
  readonly makeId?: MakeId;
};

/** The whole of Tidings in this process, with its data in one folder. */
export type Embedded = TidingsServer &
  Running & {
    readonly directory: Directory;
    readonly pictures: PictureStore;
  };

/**
 * `tidings.db` holds the logs, `directory.db` who there is, `pictures/` the pictures, `assets/` the files that
 * people send, encrypted by them; the registry, the channel, the group log and the
 * sequencer are in memory, since they are hints and everybody they are about is here.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<Embedded> {
  const { dataDir, clock, logger, random = Math.random, makeId = secureId } = options;
  const directory = await openEmbeddedDirectory(join(dataDir, 'directory.db'));
  const stores = await openStores(options).catch(async (error: unknown) => {
    await directory.close();
    throw error;
  });
  const { messages, watermarks, accountStates, lastSeen } = stores;
  const { users, sessions, conversations, invites, bots } = directory;
  const { assets, assetReferences, assetSweep, uploads } = directory;
  const pictures = new FilePictures(join(dataDir, 'pictures'));
  const ports: Ports = {
    clock,
    random,
    makeId,
    logger,
    messages,
    watermarks,
    accountStates,
    lastSeen,
    users,
    sessions,
    conversations,
    invites,
    bots,
    pictures,
    ...{ assets, assetReferences, assetSweep, uploads },
    blobs: new FileBlobs(join(dataDir, 'assets')),
    locks: new MemoryLocks(clock),
    registry: new MemoryRegistry(clock),
    channel: new MemoryChannel(clock),
    groupLog: new MemoryLog(clock),
    sequencer: new MemorySequencer(),
  };
  const server = await createServer(ports, {
    retention: options.retention,
    assets: options.assets,
    shared: false,
  });
  return {
    ...server,
    directory,
    pictures,
    async stop() {
      await server.stop();
      await stores.stop();
      await directory.close();
    },
  };
}

const openStores = ({ dataDir, clock, logger }: EmbeddedOptions) =>
  openSqliteStores(join(dataDir, 'tidings.db'), clock, {
    onTrouble: (error) => logger.error({ err: error }, 'the store starts again'),
  });
