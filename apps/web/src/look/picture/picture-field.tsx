'use client';

import type { PictureId } from '@tidings/api/ids';
import { Camera } from 'lucide-react';
import { Suspense, useRef, useState } from 'react';
import { useErrorText } from '@/words/error-text';
import { useWords } from '@/words/words';
import { Avatar, type AvatarProps } from '../avatar';
import { MenuButton } from '../menu';
import { part } from '../part';
import { Spinner } from '../spinner';
import { toast } from '../toast';
import styles from './picture-field.module.css';
import { uploadPicture } from './upload-picture';

const PictureCropper = part(() => import('./picture-cropper'));

type PictureFieldProps = {
  readonly id: string;
  readonly name: string;
  readonly kind?: AvatarProps['kind'];
  readonly pictureId: PictureId | null;
  /** Called with a picture that is stored, or null for none. While it settles the field is busy; say failures yourself. */
  onPicture(picture: PictureId | null): Promise<void> | void;
  readonly size?: 'large' | 'huge';
};

/** A picture that can be chosen, cut to a square on this device, and taken away. */
export function PictureField({
  id,
  name,
  kind = 'person',
  pictureId,
  onPicture,
  size = 'huge',
}: PictureFieldProps) {
  const words = useWords('details.picture');
  const input = useRef<HTMLInputElement>(null);
  const errorText = useErrorText();
  const [source, setSource] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const work = async (task: () => Promise<void> | void) => {
    setBusy(true);
    try {
      await task();
    } catch (error) {
      toast(errorText(error), { kind: 'bad' });
    } finally {
      setBusy(false);
    }
  };
  const choose = () => input.current?.click();
  const closeCropper = () => {
    if (source) URL.revokeObjectURL(source);
    setSource(null);
  };
  return (
    <div className={styles.field} data-size={size}>
      <Avatar id={id} name={name} kind={kind} pictureId={pictureId} size={size} />
      {busy && <Spinner label={words('uploading')} className={styles.busy} />}
      <MenuButton
        label={words(pictureId ? 'change' : 'add')}
        variant="primary"
        size={size === 'large' ? 'small' : 'normal'}
        className={styles.button}
        disabled={busy}
        entries={() => [
          { label: words('choose'), onSelect: choose },
          ...(pictureId
            ? [{ label: words('remove'), danger: true, onSelect: () => void work(() => onPicture(null)) }]
            : []),
        ]}
      >
        <Camera />
      </MenuButton>
      <input
        ref={input}
        type="file"
        accept="image/*"
        hidden
        onChange={(event) => {
          const file = event.target.files?.[0];
          // The same file chosen again is a change too.
          event.target.value = '';
          if (file) setSource(URL.createObjectURL(file));
        }}
      />
      {source && (
        <Suspense>
          <PictureCropper
            source={source}
            round={kind === 'person'}
            onCut={(picture) => void work(async () => onPicture(await uploadPicture(picture)))}
            onClosed={closeCropper}
          />
        </Suspense>
      )}
    </div>
  );
}
