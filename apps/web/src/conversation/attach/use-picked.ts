'use client';

import { maxMediaItems } from '@tidings/api/media';
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Media, Preparation, PrepareWish } from '@/media/port';
import { useClient } from '../../engine/client';

export type Wishes = { readonly asDocuments: boolean; readonly keepLocation: boolean };

export type Picked = {
  readonly preparations: readonly Preparation[];
  /** How many didn't fit into one message. */
  readonly left: number;
  readonly wishes: Wishes;
  add(files: readonly File[]): void;
  remove(preparation: Preparation): void;
  /** To another place among them. */
  move(from: number, to: number): void;
  /** Makes all of them ready anew. */
  wish(wishes: Partial<Wishes>): void;
  /** They are sent now: closing doesn't discard them. */
  keep(): void;
};

/** The files that were picked, each being made ready from the moment that it was; discarded when nobody sends them. */
export function usePicked(files: readonly File[], first: Wishes): Picked {
  const { media } = useClient();
  const [wishes, setWishes] = useState(first);
  const [left, setLeft] = useState(0);
  const kept = useRef(false);
  const [preparations, setPreparations] = useState<readonly Preparation[]>([]);
  const newest = useRef(preparations);

  const show = useCallback((next: readonly Preparation[]) => {
    newest.current = next;
    setPreparations(next);
  }, []);

  const add = useCallback(
    (more: readonly File[]) => {
      const room = maxMediaItems - newest.current.length;
      setLeft(Math.max(0, more.length - room));
      show([...newest.current, ...more.slice(0, room).map((file) => prepare(media, file, wishes))]);
    },
    [media, show, wishes],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: what was picked when it opened; the rest comes by `add`
  useEffect(() => {
    add(files);
    return () => {
      if (!kept.current) for (const preparation of newest.current) preparation.discard();
      newest.current = [];
    };
  }, []);

  return {
    preparations,
    left,
    wishes,
    add,
    remove(preparation) {
      preparation.discard();
      setLeft(0);
      show(newest.current.filter((other) => other !== preparation));
    },
    move(from, to) {
      const next = [...newest.current];
      next.splice(to, 0, ...next.splice(from, 1));
      show(next);
    },
    wish(change) {
      const next = { ...wishes, ...change };
      setWishes(next);
      const before = newest.current;
      show(before.map(({ file }) => prepare(media, file, next)));
      for (const preparation of before) preparation.discard();
    },
    keep() {
      kept.current = true;
    },
  };
}

const prepare = (media: Media, file: File, { asDocuments, keepLocation }: Wishes): Preparation => {
  const wish: PrepareWish = asDocuments ? { as: 'document' } : keepLocation ? { keepLocation } : {};
  return media.prepare(file, wish);
};
