import type { Page } from '@playwright/test';
import type { Client } from '../../../apps/web/src/engine/client.tsx';

declare global {
  interface Window {
    /** Put here by {@link reachClient}. */
    client: Client;
  }
}

/**
 * Makes `window.client` what the views of the page stand on. The app itself leaves no way in from outside, so it is taken from where React keeps
 * it: for tests of what no view shows yet, or no view could show.
 */
export async function reachClient(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    type Fiber = {
      memoizedProps?: { value?: Partial<Client> };
      child?: Fiber | null;
      sibling?: Fiber | null;
      stateNode?: { current?: Fiber };
    };
    const container = document.getElementById('__next') as unknown as Record<string, Fiber> | null;
    const key = Object.keys(container ?? {}).find((name) => name.startsWith('__reactContainer$'));
    const root = key && container?.[key]?.stateNode?.current;
    const open: Fiber[] = root ? [root] : [];
    for (let fiber = open.pop(); fiber; fiber = open.pop()) {
      const value = fiber.memoizedProps?.value;
      if (value?.media && value.engine) {
        window.client = value as Client;
        return true;
      }
      if (fiber.sibling) open.push(fiber.sibling);
      if (fiber.child) open.push(fiber.child);
    }
    return false;
  });
}
