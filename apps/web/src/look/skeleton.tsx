import type { CSSProperties } from 'react';
import styles from './skeleton.module.css';

export type SkeletonProps = { readonly width?: string; readonly height?: string; readonly round?: boolean };

/** Stands where something will be. Say once beside it that it is loading. */
export function Skeleton({ width = '100%', height = '0.875em', round = false }: SkeletonProps) {
  const size: CSSProperties = { width, height, borderRadius: round ? '50%' : undefined };
  return <span aria-hidden="true" className={styles.skeleton} style={size} />;
}
