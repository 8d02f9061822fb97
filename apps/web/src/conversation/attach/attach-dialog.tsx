'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { Suspense } from 'react';
import { DetailWords } from '@/words/detail-words';
import { part } from '../../look/part';
import type { Writing } from '../composer/writing';
import { MediaWords } from '../media/media-words';
import type { Attaching } from './attach-board';

const FilesDialog = part(() => import('./files-dialog'));
const PlaceDialog = part(() => import('../place/place-dialog'));
const ContactDialog = part(() => import('./contact-dialog'));

export type AttachDialogProps = {
  readonly conversation: LocalConversation;
  /** What was being written when it opened: the caption to begin with, and what is answered. */
  readonly writing: Writing;
  readonly open: boolean;
  onClose(): void;
  onClosed(): void;
  /** With what of the writing went along. */
  onSent(taken: Writing): void;
};

/** Where what is to be sent is looked over before. */
export default function AttachDialog({
  attaching,
  ...props
}: AttachDialogProps & { readonly attaching: Attaching }) {
  return (
    <DetailWords>
      <MediaWords>
        <Suspense>
          {attaching.type === 'files' && <FilesDialog {...props} {...attaching} />}
          {attaching.type === 'place' && <PlaceDialog {...props} />}
          {attaching.type === 'contact' && <ContactDialog {...props} />}
        </Suspense>
      </MediaWords>
    </DetailWords>
  );
}
