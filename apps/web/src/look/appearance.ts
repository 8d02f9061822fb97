/** How this device shows everything. Kept on the device, not in the account: a phone and a desktop differ. */
export type Appearance = {
  readonly theme: 'system' | 'light' | 'dark';
  readonly textSize: 'small' | 'normal' | 'large' | 'largest';
};

export const appearanceKey = 'tidings.appearance';
export const usualAppearance: Appearance = { theme: 'system', textSize: 'normal' };
const themes: readonly unknown[] = ['system', 'light', 'dark'];
const textSizes: readonly unknown[] = ['small', 'normal', 'large', 'largest'];

const listeners = new Set<() => void>();
let known: Appearance | null = null;

export function appearance(): Appearance {
  known ??= read();
  return known;
}

export function setAppearance(change: Partial<Appearance>): void {
  known = { ...appearance(), ...change };
  try {
    localStorage.setItem(appearanceKey, JSON.stringify(known));
  } catch {
    // Refused storage: it lasts as long as the page.
  }
  show(known);
  for (const listener of [...listeners]) listener();
}

/** Also hears of changes that another tab makes. */
export function subscribeAppearance(listener: () => void): () => void {
  const changed = (event: StorageEvent) => {
    if (event.key !== appearanceKey) return;
    known = read();
    show(known);
    listener();
  };
  addEventListener('storage', changed);
  listeners.add(listener);
  return () => {
    removeEventListener('storage', changed);
    listeners.delete(listener);
  };
}

/** As {@link earlyScript} does before the first paint. */
function show({ theme, textSize }: Appearance): void {
  const { dataset } = document.documentElement;
  if (theme === 'system') delete dataset.theme;
  else dataset.theme = theme;
  if (textSize === 'normal') delete dataset.textSize;
  else dataset.textSize = textSize;
  for (const meta of document.querySelectorAll<HTMLMetaElement>('meta[name="theme-color"]')) {
    const dark = theme === 'system' ? meta.media.includes('dark') : theme === 'dark';
    meta.content = dark ? themeColours.dark : themeColours.light;
  }
}

/** `--panel` of tokens.css, for the browser's own bars. */
export const themeColours = { light: '#fbfaf7', dark: '#17181e' } as const;

function read(): Appearance {
  try {
    const stored = JSON.parse(localStorage.getItem(appearanceKey) ?? '{}') as Partial<Appearance>;
    return {
      theme: themes.includes(stored.theme) ? (stored.theme as Appearance['theme']) : usualAppearance.theme,
      textSize: textSizes.includes(stored.textSize)
        ? (stored.textSize as Appearance['textSize'])
        : usualAppearance.textSize,
    };
  } catch {
    return usualAppearance;
  }
}
