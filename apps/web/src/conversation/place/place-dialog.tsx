'use client';

import { LocateFixed, Minus, Plus } from 'lucide-react';
import { useState } from 'react';
import { useWords } from '@/words/words';
import { Button } from '../../look/button';
import { Dialog } from '../../look/dialog';
import { IconButton } from '../../look/icon-button';
import { TextField } from '../../look/text-field';
import type { AttachDialogProps } from '../attach/attach-dialog';
import { useSendAlong } from '../attach/use-send-along';
import { coordinates, type MapView, parseCoordinates, zoomed } from './mercator';
import { MovableMap } from './movable-map';
import styles from './place-dialog.module.css';
import { useCurrentPosition } from './use-current-position';

/** Most of where people live. */
const world: MapView = { latitude: 32, longitude: 12, zoom: 0.9 };
const nearZoom = 6.2;

/** Chooses a place: the one under the pin. */
export default function PlaceDialog(props: AttachDialogProps) {
  const t = useWords('media.place');
  const sendAlong = useSendAlong(props);
  const [view, setView] = useState(world);
  const [label, setLabel] = useState('');
  /** What is typed, until it is left. */
  const [typed, setTyped] = useState<string | null>(null);
  const [accuracy, setAccuracy] = useState<number | null>(null);
  const { find, finding, problem } = useCurrentPosition((position) => {
    setView({ ...position, zoom: nearZoom });
    setAccuracy(position.accuracy);
  });
  const move = (next: MapView) => {
    const stays = next.latitude === view.latitude && next.longitude === view.longitude;
    if (!stays) setAccuracy(null);
    setTyped(null);
    setView(next);
  };
  const type = (text: string) => {
    setTyped(text);
    const spot = parseCoordinates(text);
    if (!spot) return;
    setAccuracy(null);
    setView({ ...spot, zoom: Math.max(view.zoom, nearZoom) });
  };
  const wrong = typed !== null && parseCoordinates(typed) === null;

  const send = () =>
    sendAlong({
      type: 'place',
      text: '',
      place: {
        latitude: rounded(view.latitude),
        longitude: rounded(view.longitude),
        ...(accuracy === null ? {} : { accuracy: Math.round(accuracy) }),
        ...(label.trim() === '' ? {} : { label: label.trim().slice(0, 200) }),
      },
    });
  return (
    <Dialog
      open={props.open}
      onOpenChange={(now) => !now && props.onClose()}
      onClosed={props.onClosed}
      title={t('title')}
      footer={
        <Button variant="primary" disabled={wrong} onClick={() => void send()}>
          {t('send')}
        </Button>
      }
    >
      <div className={styles.map}>
        <MovableMap view={view} onView={move} />
        <div className={styles.zoom}>
          <IconButton label={t('zoomIn')} onClick={() => setView(zoomed(view, 1))}>
            <Plus />
          </IconButton>
          <IconButton label={t('zoomOut')} onClick={() => setView(zoomed(view, -1))}>
            <Minus />
          </IconButton>
        </div>
      </div>
      <Button icon={<LocateFixed />} busy={finding} onClick={find}>
        {t('current')}
      </Button>
      {problem && (
        <p role="alert" className={styles.problem}>
          {t(problem)}
        </p>
      )}
      <TextField
        label={t('coordinates')}
        dir="ltr"
        value={typed ?? coordinates(view)}
        error={wrong ? t('notCoordinates') : undefined}
        onChange={(event) => type(event.currentTarget.value)}
        onBlur={() => setTyped(null)}
      />
      <TextField
        label={t('label')}
        dir="auto"
        maxLength={200}
        value={label}
        onChange={(event) => setLabel(event.currentTarget.value)}
      />
      <p className={styles.note}>{t('own')}</p>
    </Dialog>
  );
}

/** A tenth of a metre: what lies behind it is noise. */
const rounded = (degrees: number): number => Number(degrees.toFixed(6));
