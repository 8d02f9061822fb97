import Bowser from 'bowser';

/** What a device is called until its user says otherwise: “Firefox on Linux”. */
export function deviceNameOf(userAgent: string | undefined): string {
  if (!userAgent) return 'Unknown device';
  const { browser, os } = Bowser.parse(userAgent);
  const program = browser.name ?? userAgent.split(/[/ ]/)[0] ?? '';
  return (os.name ? `${program} on ${os.name}` : program).trim().slice(0, 60) || 'Unknown device';
}
