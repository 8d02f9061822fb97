'use client';

import { type ErrorCode, TidingsError } from '@tidings/api/errors';
import type { ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaKind } from '@tidings/api/media';
import { useEffect, useMemo, useState } from 'react';
import type { FileState } from '@/media/port';
import { useClient } from '../../engine/client';
import { holdUrl, knownUrl, type Opened } from './blob-urls';
import { useReadable } from './use-readable';

export type FileView = {
  readonly state: FileState;
  fetch(): void;
  cancel(): void;
};

/** What this device has of a file. What the user's rules allow is fetched as soon as it is shown. */
export function useFile(conversation: ConversationId, kind: MediaKind, file: EncryptedFile): FileView {
  const { media } = useClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file is its asset; each parse of a message makes another object
  const readable = useMemo(() => media.file(file), [media, file.asset]);
  const state = useReadable(readable);
  const absent = state.type === 'absent';
  // biome-ignore lint/correctness/useExhaustiveDependencies: as above
  useEffect(() => {
    if (absent && media.rules.allows(kind, file.size)) media.fetch(conversation, file, kind);
  }, [media, conversation, kind, file.asset, absent]);
  return {
    state,
    fetch: () => media.fetch(conversation, file, kind),
    cancel: () => media.cancelFetch(file),
  };
}

export type Shown =
  | { readonly type: 'waiting' }
  | ({ readonly type: 'shown' } & Opened)
  | { readonly type: 'failed'; readonly code: ErrorCode };

const waiting: Shown = { type: 'waiting' };

/** The decrypted file as a URL, once this device has it (or, with `fetches`, brought here if need be). */
export function useOpened(
  conversation: ConversationId,
  file: EncryptedFile,
  { here, fetches = false }: { readonly here: boolean; readonly fetches?: boolean },
): Shown {
  const { media } = useClient();
  const wanted = here || fetches;
  const [shown, setShown] = useState<Shown>(() => {
    const known = knownUrl(file.asset);
    return known ? { type: 'shown', ...known } : waiting;
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file is its asset
  useEffect(() => {
    if (!wanted) return;
    let current = true;
    const hold = holdUrl(file.asset, () => media.open(conversation, file));
    if (hold.now) setShown({ type: 'shown', ...hold.now });
    else setShown(waiting);
    hold.opened.then(
      (opened) => current && setShown({ type: 'shown', ...opened }),
      (error: unknown) => current && setShown({ type: 'failed', code: codeOf(error) }),
    );
    return () => {
      current = false;
      hold.release();
    };
  }, [media, conversation, file.asset, wanted]);
  return shown;
}

export const codeOf = (error: unknown): ErrorCode =>
  error instanceof TidingsError ? error.code : 'unavailable';
