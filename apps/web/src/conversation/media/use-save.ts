'use client';

import type { ConversationId } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import { useErrorText } from '@/words/error-text';
import { useClient } from '../../engine/client';
import { toast } from '../../look/toast';
import { saveItem } from './save';

/** Gives a file to the browser's downloads; says why when it can't be had. */
export function useSave(conversation: ConversationId): (item: MediaItem) => Promise<void> {
  const { media } = useClient();
  const errorText = useErrorText();
  return (item) =>
    saveItem(media, conversation, item).catch((error: unknown) => toast(errorText(error), { kind: 'bad' }));
}
