'use client';

import { useFormats } from './words';

/** `3.4 MB`, in steps of 1,000. */
export function useByteSize(): (bytes: number) => string {
  const format = useFormats();
  return (bytes) => {
    const [unit, size] =
      bytes < 1e3
        ? (['byte', bytes] as const)
        : bytes < 1e6
          ? (['kilobyte', bytes / 1e3] as const)
          : bytes < 1e9
            ? (['megabyte', bytes / 1e6] as const)
            : (['gigabyte', bytes / 1e9] as const);
    return format.number(size, {
      style: 'unit',
      unit,
      // “1 byte”, “14 bytes”: the short form knows no plural.
      unitDisplay: unit === 'byte' ? 'long' : 'short',
      // A number of kilobytes needs no fraction.
      maximumFractionDigits: unit === 'megabyte' || unit === 'gigabyte' ? 1 : 0,
    });
  };
}
