import type { AssetId, ClientId } from '@tidings/api/ids';
import type { EngineState } from '@tidings/client/engine-port';
import type { OutboxItem } from '@tidings/client/local-store';
import type { Readable, SendingState } from './port';
import { Cell } from './readable';

/** How far each outbox item with files is: from what the outbox says, and the progress that whoever works on it tells. */
export class Sendings {
  readonly #cells = new Map<ClientId, Cell<SendingState | null>>();
  readonly #prepared = new Map<ClientId, number>();
  readonly #sent = new Map<AssetId, number>();
  #outbox: readonly OutboxItem[] = [];
  #hasLine = false;

  of(client: ClientId): Readable<SendingState | null> {
    let cell = this.#cells.get(client);
    if (!cell) {
      cell = new Cell(this.#stateOf(client));
      this.#cells.set(client, cell);
    }
    return cell;
  }

  outboxIs(items: readonly OutboxItem[]): void {
    this.#outbox = items;
    const clients = new Set(items.map((item) => item.clientId));
    for (const client of this.#prepared.keys()) if (!clients.has(client)) this.#prepared.delete(client);
    this.#tell();
  }

  engineIs({ connection }: EngineState): void {
    this.#hasLine = connection.type === 'live' || connection.type === 'syncing';
    if (!this.#hasLine) this.#sent.clear();
    this.#tell();
  }

  preparing(client: ClientId, fraction: number): void {
    this.#prepared.set(client, fraction);
    this.#tell();
  }

  uploading(asset: AssetId, sent: number): void {
    this.#sent.set(asset, sent);
    this.#tell();
  }

  #tell(): void {
    for (const [client, cell] of this.#cells) cell.set(this.#stateOf(client));
  }

  #stateOf(client: ClientId): SendingState | null {
    const item = this.#outbox.find((found) => found.clientId === client);
    if (!item?.assets) return null;
    switch (item.state.type) {
      case 'preparing':
        return { type: 'preparing', fraction: this.#prepared.get(client) ?? 0 };
      case 'uploading':
        return this.#uploadOf(item.assets);
      case 'waiting':
        return { type: 'waiting' };
      case 'sent':
      case 'failed':
        return null;
    }
  }

  #uploadOf(assets: NonNullable<OutboxItem['assets']>): SendingState {
    if (!this.#hasLine || !assets.some(({ id }) => this.#sent.has(id))) return { type: 'waiting' };
    const sum = (of: (asset: (typeof assets)[number]) => number) =>
      assets.reduce((total, asset) => total + of(asset), 0);
    return {
      type: 'uploading',
      sent: sum(({ id }) => this.#sent.get(id) ?? 0),
      total: sum(({ bytes }) => bytes),
    };
  }
}
