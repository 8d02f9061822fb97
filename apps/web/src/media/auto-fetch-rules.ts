import type { MediaKind } from '@tidings/api/media';
import { type AutoFetch, type AutoFetchKind, type AutoFetchRules, autoFetchKinds } from './port';

const storageKey = 'tidings.auto-fetch';
const asDelivered: Readonly<Record<AutoFetchKind, AutoFetch>> = {
  image: 'always',
  video: 'unmetered',
  audio: 'always',
  document: 'unmetered',
};
/** What is larger is fetched when somebody asks for it. */
const mostBytes = 64 * 1024 * 1024;
const mostMeteredBytes = 8 * 1024 * 1024;

/** Not in the standard's types: what Chromium knows of the network. */
type Connection = { readonly type?: string; readonly saveData?: boolean };

/** The rules of this device; they last as long as the tab where the browser keeps nothing. */
export function autoFetchRules(): AutoFetchRules {
  const listeners = new Set<() => void>();
  let rules = read();
  return {
    get: () => rules,
    set(kind, when) {
      rules = { ...rules, [kind]: when };
      try {
        localStorage.setItem(storageKey, JSON.stringify(rules));
      } catch {
        // Refused or full.
      }
      for (const listener of [...listeners]) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    allows(kind: MediaKind, size: number) {
      // Voice messages are small, and meant to be heard at once.
      const rule = rules[kind === 'voice' ? 'audio' : kind];
      if (rule === 'never') return false;
      const metered = isMetered();
      return (rule === 'always' || !metered) && size <= (metered ? mostMeteredBytes : mostBytes);
    },
  };
}

function isMetered(): boolean {
  const { connection } = navigator as Navigator & { readonly connection?: Connection };
  return connection?.type === 'cellular' || connection?.saveData === true;
}

function read(): Readonly<Record<AutoFetchKind, AutoFetch>> {
  try {
    const stored = JSON.parse(localStorage.getItem(storageKey) ?? '{}') as Record<string, unknown>;
    const known = autoFetchKinds.filter((kind) =>
      ['always', 'unmetered', 'never'].includes(stored[kind] as string),
    );
    return { ...asDelivered, ...Object.fromEntries(known.map((kind) => [kind, stored[kind]])) };
  } catch {
    return asDelivered;
  }
}
