const key = 'tidings.dismissed-hints';

export type HintName = 'notifications' | 'install';

/** For as long as the page lives when the browser refuses to keep it. */
const dismissed = new Set<string>();

export function isDismissed(name: HintName): boolean {
  if (dismissed.size === 0) for (const stored of read()) dismissed.add(stored);
  return dismissed.has(name);
}

export function dismissHint(name: HintName): void {
  dismissed.add(name);
  try {
    localStorage.setItem(key, JSON.stringify([...dismissed]));
  } catch {
    // Refused storage: it is asked again with the next page.
  }
}

function read(): readonly string[] {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(key) ?? '[]');
    return Array.isArray(stored) ? stored.filter((name) => typeof name === 'string') : [];
  } catch {
    return [];
  }
}
