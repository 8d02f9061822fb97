'use client';

import { parseGroupChange } from '@tidings/api/content';
import type { LocalEntry } from '@tidings/client/local-store';
import { useMemo } from 'react';
import { changeText, mostNamed } from '@/conversation/notice/change-text';
import { useName, useNames } from '@/conversation/people';
import { useSelf } from '@/engine/hooks';
import { useFormats, useWords } from '@/words/words';

/** A change of a group as a sentence: "You added Ben and Carla". */
export function useChangeSentence(entry: LocalEntry): string {
  const words = useWords('conversation.change');
  const { list } = useFormats();
  const { userId } = useSelf();
  const change = useMemo(() => changeText(parseGroupChange(entry.content)), [entry.content]);
  const byName = useName(entry.sender);
  const others = change.about.filter((user) => user !== userId);
  const names = useNames(others.slice(0, mostNamed));
  const more = others.length - names.length;
  const named = [
    ...(others.length < change.about.length ? [words('you')] : []),
    ...names,
    ...(more > 0 ? [words('more', { count: more })] : []),
  ];
  return words(change.key, {
    by: entry.sender === userId ? 'you' : 'other',
    byName,
    names: list(named),
    name: change.name ?? '',
  });
}
