import { expect, type Locator, type Page } from '@playwright/test';

export const password = 'correct horse battery';
let accounts = 0;

/** Somebody at a browser: says and sees only what the names of the screens let anyone say and see (docs/ui-contract.md). */
export class Person {
  readonly page: Page;
  readonly name: string;
  readonly username: string;

  constructor(
    page: Page,
    name: string,
    username = `${name.toLowerCase().replaceAll(/[^a-z0-9]/g, '')}${(accounts++).toString(36)}x`,
  ) {
    this.page = page;
    this.name = name;
    this.username = username;
  }

  async signUp(): Promise<void> {
    await this.fillSignUp('/sign-up');
    await this.page.getByRole('button', { name: 'Create account' }).click();
    await this.isIn();
  }

  async fillSignUp(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.getByRole('textbox', { name: 'Username' }).fill(this.username);
    await this.page.getByRole('textbox', { name: 'Display name' }).fill(this.name);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(password);
  }

  async signIn(secret = password): Promise<void> {
    await this.page.goto('/sign-in');
    await this.page.getByRole('textbox', { name: 'Username' }).fill(this.username);
    await this.page.getByRole('textbox', { name: 'Password' }).fill(secret);
    await this.page.getByRole('button', { name: 'Sign in' }).click();
  }

  /** The same account in another browser profile: another device. */
  async onAnotherDevice(): Promise<Person> {
    const context = await (this.page.context().browser() ?? fail()).newContext({
      baseURL: new URL(this.page.url()).origin,
    });
    const other = this.at(await context.newPage());
    await other.signIn();
    await other.isIn();
    return other;
  }

  /** The same device, another tab. */
  async inAnotherTab(): Promise<Person> {
    const other = this.at(await this.page.context().newPage());
    await other.page.goto('/');
    await other.isIn();
    return other;
  }

  /** The same account in another window. */
  at(page: Page): Person {
    return new Person(page, this.name, this.username);
  }

  /** Waits until the page could be opened without a network. */
  async worksOffline(): Promise<void> {
    await this.page.waitForFunction(() => navigator.serviceWorker.controller?.state === 'activated');
  }

  async isIn(): Promise<void> {
    await expect(this.page.getByRole('navigation', { name: 'Main' })).toBeVisible();
  }

  async openNewChatWith(name: string): Promise<void> {
    await this.page.getByRole('button', { name: 'New chat' }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('searchbox', { name: 'Search people' }).fill(name);
    await dialog.getByRole('option', { name: new RegExp(`^${name}`) }).click();
    await expect(this.page.getByRole('heading', { name })).toBeVisible();
  }

  async createGroup(name: string, members: readonly string[]): Promise<void> {
    await this.page.getByRole('button', { name: 'New group' }).click();
    const dialog = this.page.getByRole('dialog');
    await dialog.getByRole('textbox', { name: 'Group name' }).fill(name);
    for (const member of members) {
      await dialog.getByRole('searchbox', { name: 'Search people' }).fill(member);
      await dialog.getByRole('option', { name: new RegExp(`^${member}`) }).click();
    }
    await dialog.getByRole('button', { name: 'Create group' }).click();
    await expect(this.page.getByRole('heading', { name })).toBeVisible();
  }

  chat(title: string): Locator {
    return this.page
      .getByRole('list', { name: 'Chats' })
      .getByRole('link', { name: new RegExp(`^${title}`) });
  }

  async openChat(title: string): Promise<void> {
    await this.chat(title).click();
    await expect(this.page.getByRole('heading', { name: title })).toBeVisible();
  }

  get composer(): Locator {
    return this.page.getByRole('textbox', { name: 'Message', exact: true });
  }

  async send(text: string): Promise<void> {
    await this.composer.fill(text);
    await this.page.getByRole('button', { name: 'Send', exact: true }).click();
    await expect(this.message(text)).toBeVisible();
  }

  get log(): Locator {
    return this.page.getByRole('log', { name: 'Messages' });
  }

  message(text: string): Locator {
    return this.log.getByRole('article').filter({ hasText: text });
  }

  async sees(text: string): Promise<void> {
    await expect(this.message(text)).toBeVisible();
  }

  tick(text: string, name: 'Sending' | 'Sent' | 'Delivered' | 'Read' | 'Failed'): Locator {
    return this.message(text).getByRole('img', { name, exact: true });
  }

  async isTicked(text: string, name: 'Sending' | 'Sent' | 'Delivered' | 'Read' | 'Failed'): Promise<void> {
    await expect(this.tick(text, name)).toBeVisible();
  }

  async chooseFromMenuOf(text: string, item: string): Promise<void> {
    const message = this.message(text);
    await message.hover();
    await message.getByRole('button', { name: 'Message menu' }).click();
    await this.page.getByRole('menuitem', { name: item, exact: true }).click();
  }

  async openSettings(): Promise<void> {
    await this.page.getByRole('button', { name: 'Settings' }).click();
    await expect(this.page.getByRole('heading', { name: 'Profile' })).toBeVisible();
  }

  /** What the messages say, from top to bottom. */
  async shownOf(pattern: RegExp): Promise<string[]> {
    const texts = await this.log.getByRole('article').allInnerTexts();
    return texts.flatMap((text) => pattern.exec(text)?.[0] ?? []);
  }

  get waitsForNetwork(): Locator {
    return this.page.getByRole('status').filter({ hasText: 'Waiting for network' });
  }
}

function fail(): never {
  throw new Error('this page has no browser to open another device in');
}
