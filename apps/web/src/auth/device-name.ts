/** What Settings → Devices calls this browser until somebody renames it: "Firefox on Android". From the user agent, so a guess. */
export function deviceName(userAgent: string, touchPoints = 0): string {
  const browser = browsers.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'Browser';
  const system = systemOf(userAgent, touchPoints);
  return system ? `${browser} on ${system}` : browser;
}

/** Most pretend to be another: the specific ones come first. */
const browsers: readonly [RegExp, string][] = [
  [/\bEdg(A|iOS)?\//, 'Edge'],
  [/\bOPR\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\bVivaldi\//, 'Vivaldi'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Headless)?(Chrome|CriOS|Chromium)\//, 'Chrome'],
  [/\bVersion\/.*\bSafari\//, 'Safari'],
];

function systemOf(userAgent: string, touchPoints: number): string | null {
  if (/\biPhone\b/.test(userAgent)) return 'iPhone';
  // An iPad says that it is a Mac; no Mac has a touch screen.
  if (/\biPad\b/.test(userAgent) || (/\bMacintosh\b/.test(userAgent) && touchPoints > 1)) return 'iPad';
  return systems.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null;
}

const systems: readonly [RegExp, string][] = [
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bMacintosh\b/, 'Mac'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
];
