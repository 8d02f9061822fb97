'use client';

import type { Place } from '@tidings/api/media';
import { Copy, ExternalLink, Map as MapIcon, Navigation } from 'lucide-react';
import { useWords } from '@/words/words';
import { copyText } from '../../look/copy-text';
import { openMenu } from '../../look/menu-board';
import { toast } from '../../look/toast';
import { MapCanvas } from '../place/map-canvas';
import { coordinates, type MapView } from '../place/mercator';
import { Pin } from '../place/pin';
import { useHolder } from './holder';
import styles from './place-card.module.css';
import { sizeOf } from './sizes';

/** So near that one sees which part of a country it is in. */
const zoom = 5.4;

/** A place on the app's own map. Nobody else hears of it until the reader opens it elsewhere. */
export function PlaceCard({ place }: { readonly place: Place }) {
  const t = useWords('media.place');
  const conversation = useWords('conversation');
  const { tabIndex } = useHolder();
  const { box } = sizeOf({ type: 'place', text: '', place }) ?? {};
  const at = coordinates(place);
  const view: MapView = { ...place, zoom };
  const open = (element: Element) =>
    openMenu({
      label: t('openIn'),
      at: element,
      entries: [
        { label: t('mapApp'), icon: <Navigation />, onSelect: () => location.assign(geoUrl(place)) },
        { label: 'OpenStreetMap', icon: <MapIcon />, onSelect: () => openElsewhere(streetMapUrl(place)) },
        {
          label: t('copy'),
          icon: <Copy />,
          onSelect: () =>
            void copyText(at).then((copied) => toast(conversation(copied ? 'copied' : 'copyFailed'))),
        },
      ],
    });
  return (
    <>
      <span
        role="img"
        aria-label={t('map', { at: place.label || at })}
        className={styles.map}
        style={box ? { width: box.width, aspectRatio: `${box.width} / ${box.height}` } : undefined}
      >
        <MapCanvas view={view} />
        <Pin />
      </span>
      <span className={styles.row}>
        <span className={styles.words}>
          <span className={styles.label} dir="auto">
            {place.label || t('place')}
          </span>
          <span className={styles.at} dir="ltr">
            {at}
          </span>
        </span>
        <button
          type="button"
          className={styles.open}
          tabIndex={tabIndex}
          aria-haspopup="menu"
          onClick={(event) => open(event.currentTarget)}
        >
          <ExternalLink aria-hidden="true" />
          {t('openIn')}
        </button>
      </span>
    </>
  );
}

/** For whatever app of the device shows places. */
const geoUrl = ({ latitude, longitude, label }: Place): string => {
  const spot = `${latitude},${longitude}`;
  return `geo:${spot}?q=${spot}${label ? `(${encodeURIComponent(label)})` : ''}`;
};

const streetMapUrl = ({ latitude, longitude }: Place): string =>
  `https://www.openstreetmap.org/?mlat=${latitude}&mlon=${longitude}#map=16/${latitude}/${longitude}`;

/** In a page that learns nothing of this one. */
function openElsewhere(url: string): void {
  window.open(url, '_blank', 'noopener,noreferrer');
}
