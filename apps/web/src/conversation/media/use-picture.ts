'use client';

import type { ConversationId } from '@tidings/api/ids';
import type { EncryptedFile, MediaItem } from '@tidings/api/media';
import { useState } from 'react';
import type { FailureCode } from './fetching';
import { type FileView, useFile, useOpened } from './use-file';

export type PictureView = {
  readonly file: FileView;
  /** What shows it, as soon as it is here. */
  readonly url: string | null;
  readonly failure: FailureCode | null;
  /** For `<img>`. */
  onError(): void;
  retry(): void;
};

/** The picture that stands for an item: an image itself, or the poster of a video. */
export const pictureOf = (item: MediaItem): EncryptedFile | null =>
  item.kind === 'image' ? item.file : (item.poster ?? null);

/** A picture as far as this device has it. Posters are small and come always. */
export function usePicture(conversation: ConversationId, file: EncryptedFile): PictureView {
  const view = useFile(conversation, 'image', file);
  const shown = useOpened(conversation, file, { here: view.state.type === 'here' });
  const [unshowable, setUnshowable] = useState(false);
  const isPicture = shown.type === 'shown' && shown.mime.startsWith('image/');
  return {
    file: view,
    url: isPicture && !unshowable ? shown.url : null,
    failure: failureOf(),
    onError: () => setUnshowable(true),
    retry: view.fetch,
  };

  function failureOf(): FailureCode | null {
    if (view.state.type === 'failed') return view.state.code;
    if (shown.type === 'failed') return shown.code;
    return unshowable || (shown.type === 'shown' && !isPicture) ? 'unshowable' : null;
  }
}
