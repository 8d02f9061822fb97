import type { UserId } from '@tidings/api/ids';
import { expose, proxy } from 'comlink';
import { passErrors } from '../worker-errors';
import { MediaWorker } from './media-worker';

/** The file that the worker begins with. */
export type MediaWorkerEntry = { start(user: UserId, kept: boolean): MediaWorker };

const entry: MediaWorkerEntry = { start: (user, kept) => proxy(new MediaWorker(user, kept)) };

passErrors();
expose(entry);
