import type { WatchedParts } from '../create-server.ts';
import type { CacheUse } from '../services/cache-use.ts';
import type { SocketServer } from '../socket/socket-server.ts';
import type { Reading } from './registry.ts';

/** What the services count, under the names that docs/operations.md describes. */
export const serverReadings = (parts: WatchedParts): readonly Reading[] => [
  {
    name: 'tidings_streams',
    type: 'gauge',
    help: 'Devices that are live.',
    read: () => parts.lines.size,
  },
  {
    name: 'tidings_sends_total',
    type: 'counter',
    help: 'Messages that devices sent, by outcome.',
    label: 'outcome',
    read: () => parts.messages.sends,
  },
  {
    name: 'tidings_append_queue',
    type: 'gauge',
    help: 'Calls that wait for their entries to be written.',
    read: () => parts.queue.size,
  },
  {
    name: 'tidings_deliveries_total',
    type: 'counter',
    help: 'Events written to devices.',
    read: () => parts.lines.delivered,
  },
  {
    name: 'tidings_envelopes_total',
    type: 'counter',
    help: 'Envelopes sent to other processes, by type.',
    label: 'type',
    read: () => parts.manager.envelopes,
  },
  {
    name: 'tidings_channel_dropped_total',
    type: 'counter',
    help: 'Envelopes dropped because too many waited.',
    read: () => parts.channel.dropped(),
  },
  {
    name: 'tidings_redelivery_looks_total',
    type: 'counter',
    help: 'Times that redelivery looked for who lacks what was accepted here.',
    read: () => parts.redelivery.looks,
  },
  {
    name: 'tidings_redelivery_pushes_total',
    type: 'counter',
    help: 'Entries that were pushed again.',
    read: () => parts.redelivery.pushedAgain,
  },
  {
    name: 'tidings_redelivery_conversations',
    type: 'gauge',
    help: 'Conversations that redelivery looks after.',
    read: () => parts.redelivery.size,
  },
  {
    name: 'tidings_lease_turns_total',
    type: 'counter',
    help: 'Turns of the lease in the registry: renewed, begun anew with everybody, or failed.',
    label: 'result',
    read: () => parts.manager.leaseTurns,
  },
  {
    name: 'tidings_group_deliveries_total',
    type: 'counter',
    help: 'Entries that the group message handler brought to members.',
    read: () => parts.groupHandler.delivered,
  },
  {
    name: 'tidings_asset_offers_total',
    type: 'counter',
    help: 'Files that devices offered, by whether they were there already.',
    label: 'outcome',
    read: () => parts.assets.offers,
  },
  {
    name: 'tidings_uploads_total',
    type: 'counter',
    help: 'Uploads that were begun, finished, broken, or interrupted.',
    label: 'event',
    read: () => parts.uploads.counts,
  },
  {
    name: 'tidings_upload_bytes_total',
    type: 'counter',
    help: 'Bytes of files that came in.',
    read: () => parts.uploads.bytesReceived,
  },
  {
    name: 'tidings_download_bytes_total',
    type: 'counter',
    help: 'Bytes of files that went out.',
    read: () => parts.downloads.bytesSent,
  },
  {
    name: 'tidings_swept_total',
    type: 'counter',
    help: 'What the sweep removed: files that nothing needed, uploads that rested.',
    label: 'what',
    read: () => parts.assetSweeper.removed,
  },
  {
    name: 'tidings_group_behind',
    type: 'gauge',
    help: 'Entries of groups whose notice was read and that are not delivered yet.',
    read: () => parts.groupHandler.behind,
  },
];

/** Hits and misses of each cache. */
export const cacheReadings = (caches: Readonly<Record<string, CacheUse>>): readonly Reading[] => [
  {
    name: 'tidings_cache_hits_total',
    type: 'counter',
    help: 'Questions that a cache of this process answered.',
    label: 'cache',
    read: () => each(caches, ({ hits }) => hits),
  },
  {
    name: 'tidings_cache_misses_total',
    type: 'counter',
    help: 'Questions that a cache of this process passed on.',
    label: 'cache',
    read: () => each(caches, ({ misses }) => misses),
  },
];

export const socketReadings = (sockets: Pick<SocketServer, 'size' | 'refusals'>): readonly Reading[] => [
  { name: 'tidings_sockets', type: 'gauge', help: 'Open WebSockets.', read: () => sockets.size },
  {
    name: 'tidings_sockets_closed_total',
    type: 'counter',
    help: 'WebSockets that the server closed, by reason.',
    label: 'reason',
    read: () => sockets.refusals,
  },
];

const each = (
  caches: Readonly<Record<string, CacheUse>>,
  read: (use: CacheUse) => number,
): Record<string, number> =>
  Object.fromEntries(Object.entries(caches).map(([name, use]) => [name, read(use)]));
