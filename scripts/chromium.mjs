// The browser of the end-to-end tests and of the benchmarks: the system's Chromium where there is one, else the one Playwright installs.
import { existsSync } from 'node:fs';
import { chromium } from '@playwright/test';
import { run, Sentence } from './node.mjs';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** @returns {string | undefined} the system's Chromium; without one, Playwright uses its own. */
export function systemChromium() {
  return [process.env.CHROMIUM_PATH ?? '', ...places].find((path) => existsSync(path));
}

export const isRoot = process.getuid?.() === 0;

/** Installs a Chromium if there is none. */
export async function provideChromium() {
  if (systemChromium() || existsSync(chromium.executablePath())) return;
  console.log('Installing Chromium …');
  if (isRoot && existsSync('/usr/bin/apt-get')) {
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update', '-qq'], { quiet: true, env });
    await run('apt-get', ['install', '-y', '-qq', 'chromium'], { quiet: true, env });
    if (systemChromium()) return;
  }
  if ((await run('playwright', ['install', 'chromium'])) !== 0) {
    throw new Sentence(
      'Chromium is needed, and it can’t be installed from here: install it and set CHROMIUM_PATH to it.',
    );
  }
}
