/** Which language this device shows: chosen in the settings, otherwise the first of the browser's that there is. */
export const languages = ['en', 'de'] as const;
export type Language = (typeof languages)[number];
export type LanguageSetting = Language | 'browser';

/** In their own words, as people look for them. */
export const languageNames: Record<Language, string> = { en: 'English', de: 'Deutsch' };

export const languageKey = 'tidings.language';

const listeners = new Set<() => void>();
let chosen: LanguageSetting | null = null;

export function languageSetting(): LanguageSetting {
  chosen ??= read();
  return chosen;
}

export function chooseLanguage(setting: LanguageSetting): void {
  chosen = setting;
  try {
    if (setting === 'browser') localStorage.removeItem(languageKey);
    else localStorage.setItem(languageKey, setting);
  } catch {
    // Refused storage: it lasts as long as the page.
  }
  for (const listener of [...listeners]) listener();
}

export function subscribeLanguage(listener: () => void): () => void {
  const changed = (event: StorageEvent) => {
    if (event.key !== languageKey) return;
    chosen = read();
    listener();
  };
  const asked = () => listener();
  addEventListener('storage', changed);
  addEventListener('languagechange', asked);
  listeners.add(listener);
  return () => {
    removeEventListener('storage', changed);
    removeEventListener('languagechange', asked);
    listeners.delete(listener);
  };
}

export function currentLanguage(): Language {
  const setting = languageSetting();
  return setting === 'browser' ? matchLanguage(navigator.languages) : setting;
}

/** The first that there is; English otherwise. */
export function matchLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const found = languages.find((language) => tag.toLowerCase().split('-')[0] === language);
    if (found) return found;
  }
  return 'en';
}

/** The browser's own variant of the language, for times and numbers: `en-GB` rather than `en`. */
export function localeOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().split('-')[0] === language) ?? language;
}

function read(): LanguageSetting {
  try {
    const stored = localStorage.getItem(languageKey);
    return languages.find((language) => language === stored) ?? 'browser';
  } catch {
    return 'browser';
  }
}
