'use client';

import { parseContent } from '@tidings/api/content';
import { type Seq, seq } from '@tidings/api/ids';
import { useCallback, useSyncExternalStore } from 'react';
import { type Client, useClient } from '../../engine/client';
import { Playback, type Playing, type Rate, type Track } from './playback';

const playbacks = new WeakMap<Client, Playback>();

/** The one of this tab. */
export function usePlayback(): Playback {
  const client = useClient();
  let playback = playbacks.get(client);
  if (!playback) {
    playback = playbackOf(client);
    playbacks.set(client, playback);
  }
  return playback;
}

export function usePlaying(key: string): Playing {
  const playback = usePlayback();
  const get = useCallback(() => playback.of(key), [playback, key]);
  return useSyncExternalStore(playback.subscribe, get, get);
}

export function useRate(): Rate {
  const playback = usePlayback();
  return useSyncExternalStore(playback.subscribe, playback.rate, playback.rate);
}

export const trackKey = (conversation: string, at: Seq | string, index: number): string =>
  `${conversation} ${at} ${index}`;

function playbackOf(client: Client): Playback {
  const { engine, media, self } = client;
  return new Playback({
    media,
    audio: new Audio(),
    began({ conversation, seq, item }) {
      if (item.kind !== 'voice' || seq === null) return;
      void client.store.lines(conversation, seq, seq, 'newest', 1).then(async ([entry]) => {
        const key = playedKey(conversation, seq);
        if (!entry || entry.sender === self.userId || (await client.store.items([key]))[0] === true) return;
        await engine.putItems([{ key, value: true }]);
      });
    },
    next: (track) => nextVoice(client, track),
  });
}

export const playedKey = (conversation: string, seq: Seq): string => `played:${conversation}:${seq}`;

/** So far below the one that was heard: what comes much later is another talk. */
const reach = 50;

async function nextVoice({ store }: Client, { conversation, seq: at }: Track): Promise<Track | null> {
  if (at === null) return null;
  const lines = await store.lines(conversation, seq(at + 1), seq(at + reach), 'oldest', reach);
  for (const line of lines) {
    const content = line.kind === 'message' && !line.deleted ? parseContent(line.content) : null;
    const item = content?.type === 'media' ? content.items.find(({ kind }) => kind === 'voice') : undefined;
    if (!item) continue;
    return { key: trackKey(conversation, line.seq, 0), conversation, seq: line.seq, item };
  }
  return null;
}
