'use client';

import type { LocalConversation } from '@tidings/client/local-store';
import { lazy, Suspense } from 'react';
import type { Writing } from '../composer/writing';
import { MediaWords } from '../media/media-words';
import type { Attaching } from './use-attach';

const FilesDialog = lazy(() => import('./files-dialog'));
const PlaceDialog = lazy(() => import('../place/place-dialog'));
const ContactDialog = lazy(() => import('./contact-dialog'));

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
    <MediaWords>
      <Suspense>
        {attaching.type === 'files' && <FilesDialog {...props} {...attaching} />}
        {attaching.type === 'place' && <PlaceDialog {...props} />}
        {attaching.type === 'contact' && <ContactDialog {...props} />}
      </Suspense>
    </MediaWords>
  );
}
