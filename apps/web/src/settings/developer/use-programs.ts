'use client';

import type { ApiKey, Bot, NewApiKey } from '@tidings/api/developer';
import type { NewBot } from '@tidings/api/fields';
import { useCallback, useEffect, useState } from 'react';
import { useConnection, useEngine } from '@/engine/hooks';
import { toast } from '@/look/toast';
import { useErrorText } from '@/words/error-text';

export type Programs = { readonly bots: readonly Bot[]; readonly keys: readonly ApiKey[] };

/** The user's bots and their keys. What fails rejects, after it was said. */
export function usePrograms() {
  const engine = useEngine();
  const live = useConnection().type === 'live';
  const errorText = useErrorText();
  const [programs, setPrograms] = useState<Programs | null>(null);

  const load = useCallback(async () => {
    const { bots, keys } = engine.api.developer;
    const [own, theirs] = await Promise.all([bots.query(), keys.query()]);
    setPrograms({ bots: own, keys: theirs });
  }, [engine]);
  useEffect(() => {
    if (live) void load().catch(() => {});
  }, [live, load]);

  const change = async <T>(task: () => Promise<T>): Promise<T> => {
    try {
      const done = await task();
      await load();
      return done;
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
      throw error;
    }
  };
  const { developer } = engine.api;
  return {
    programs,
    createBot: (bot: NewBot) => change(() => developer.createBot.mutate(bot)),
    createKey: (key: NewApiKey) => change(() => developer.createKey.mutate(key)),
    revokeKey: ({ id }: ApiKey) => change(() => developer.revokeKey.mutate({ id })),
  };
}
