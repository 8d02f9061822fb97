'use client';

import { Slider } from '@base-ui/react/slider';
import { useState } from 'react';
import Cropper from 'react-easy-crop';
import { useWords } from '@/words/words';
import { Button } from '../button';
import { Dialog } from '../dialog';
import { toast } from '../toast';
import { type Cut, cutPicture } from './cut-picture';
import styles from './picture-cropper.module.css';

type PictureCropperProps = {
  /** An object URL of the file. */
  readonly source: string;
  readonly round: boolean;
  onCut(picture: Blob): void;
  onClosed(): void;
};

const mostZoom = 4;

/** Chooses the square of a picture that is kept; by pointer, fingers, or arrow keys and slider. */
export default function PictureCropper({ source, round, onCut, onClosed }: PictureCropperProps) {
  const words = useWords('details.picture');
  const [open, setOpen] = useState(true);
  const [crop, setCrop] = useState({ x: 0, y: 0 });
  const [zoom, setZoom] = useState(1);
  const [cut, setCut] = useState<Cut | null>(null);

  const unreadable = () => {
    toast(words('unreadable'), { kind: 'bad' });
    setOpen(false);
  };
  const done = async () => {
    if (!cut) return;
    try {
      onCut(await cutPicture(source, cut));
      setOpen(false);
    } catch {
      unreadable();
    }
  };
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      onClosed={onClosed}
      title={words('crop')}
      footer={
        <Button variant="primary" disabled={!cut} onClick={() => void done()}>
          {words('use')}
        </Button>
      }
    >
      <div className={styles.stage}>
        <Cropper
          image={source}
          aspect={1}
          cropShape={round ? 'round' : 'rect'}
          showGrid={!round}
          crop={crop}
          zoom={zoom}
          maxZoom={mostZoom}
          onCropChange={setCrop}
          onZoomChange={setZoom}
          onCropComplete={(_, pixels) => setCut(pixels)}
          mediaProps={{ onError: unreadable }}
          objectFit="cover"
          cropperProps={{ role: 'group', 'aria-label': words('area') }}
        />
      </div>
      <Slider.Root
        className={styles.zoom}
        value={zoom}
        min={1}
        max={mostZoom}
        step={0.05}
        onValueChange={(value) => setZoom(Array.isArray(value) ? (value[0] ?? 1) : (value as number))}
      >
        <Slider.Control className={styles.control}>
          <Slider.Track className={styles.track}>
            <Slider.Indicator className={styles.indicator} />
            <Slider.Thumb className={styles.thumb} aria-label={words('zoom')} />
          </Slider.Track>
        </Slider.Control>
      </Slider.Root>
    </Dialog>
  );
}
