import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { BrowserContext, BrowserType, Page } from '@playwright/test';

type Options = Parameters<BrowserType['launchPersistentContext']>[1];

/** A browser that can be closed and opened again: what it keeps on disk is there then. */
export class OwnBrowser implements AsyncDisposable {
  readonly #type: BrowserType;
  readonly #profile = mkdtempSync(join(tmpdir(), 'tidings-profile-'));
  #context: BrowserContext | null = null;

  constructor(type: BrowserType) {
    this.#type = type;
  }

  /** Its one window. */
  async open(options: Options = {}): Promise<Page> {
    this.#context = await this.#type.launchPersistentContext(this.#profile, options);
    return this.#context.pages()[0] ?? (await this.#context.newPage());
  }

  async close(): Promise<void> {
    await this.#context?.close();
    this.#context = null;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
    rmSync(this.#profile, { recursive: true, force: true });
  }
}
