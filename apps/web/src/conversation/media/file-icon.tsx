'use client';

import type { MediaItem } from '@tidings/api/media';
import styles from './file-icon.module.css';

/** A sheet with what sort of file it is. Decoration: the words beside it say the same. */
export function FileIcon({ item }: { readonly item: Pick<MediaItem, 'name' | 'mime'> }) {
  const type = typeOf(item);
  return (
    <span aria-hidden="true" className={styles.sheet} data-sort={sortOf(type)}>
      {type.length <= 4 ? type : ''}
    </span>
  );
}

/** The ending of a name in capitals: `PDF`. It says what the sender's device called it, no more. Empty when there is none. */
export function typeOf({ name = '' }: Pick<MediaItem, 'name' | 'mime'>): string {
  const ending = /\.([\p{L}\p{N}]{1,8})$/u.exec(name)?.[1] ?? '';
  return ending.toLocaleUpperCase();
}

const sorts: Readonly<Record<string, string>> = {
  PDF: 'red',
  DOC: 'blue',
  DOCX: 'blue',
  ODT: 'blue',
  TXT: 'blue',
  MD: 'blue',
  XLS: 'green',
  XLSX: 'green',
  ODS: 'green',
  CSV: 'green',
  PPT: 'orange',
  PPTX: 'orange',
  ODP: 'orange',
  ZIP: 'sand',
  RAR: 'sand',
  '7Z': 'sand',
  GZ: 'sand',
  TAR: 'sand',
};

const sortOf = (type: string): string => sorts[type] ?? 'plain';
