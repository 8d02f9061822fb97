import { assetId } from '@tidings/api/ids';
import type { OutboxItem } from '@tidings/client/local-store';
import { expect, test } from 'vitest';
import { FakeEngine } from '../engine/testing/fake-engine';
import { waiting } from '../engine/testing/seed';
import { Sendings } from './sendings';

const asset = (name: string, bytes: number) => ({ id: assetId(name.padEnd(43, '-')), check: '', bytes });
const item = (state: OutboxItem['state'], assets = [asset('photo', 300), asset('poster', 100)]) =>
  waiting('album', { state, assets });
const client = item({ type: 'waiting' }).clientId;
const live = new FakeEngine().state;

test('an item is told of from being prepared to being sent', () => {
  const sendings = new Sendings();
  const state = sendings.of(client);
  const told: unknown[] = [];
  state.subscribe(() => told.push(state.get()));
  expect(state.get()).toBeNull();
  sendings.engineIs(live);
  sendings.outboxIs([item({ type: 'preparing' }, [])]);
  sendings.preparing(client, 0.5);
  sendings.outboxIs([item({ type: 'uploading' })]);
  sendings.uploading(asset('photo', 300).id, 150);
  sendings.uploading(asset('photo', 300).id, 150);
  sendings.outboxIs([item({ type: 'waiting' })]);
  sendings.outboxIs([]);
  expect(told).toEqual([
    { type: 'preparing', fraction: 0 },
    { type: 'preparing', fraction: 0.5 },
    { type: 'waiting' },
    { type: 'uploading', sent: 150, total: 400 },
    { type: 'waiting' },
    null,
  ]);
});

test('without a line it waits, however far it was', () => {
  const sendings = new Sendings();
  sendings.engineIs(live);
  sendings.outboxIs([item({ type: 'uploading' })]);
  sendings.uploading(asset('photo', 300).id, 150);
  const state = sendings.of(client);
  expect(state.get()).toMatchObject({ type: 'uploading' });
  sendings.engineIs({ ...live, connection: { type: 'offline' } });
  expect(state.get()).toEqual({ type: 'waiting' });
});

test('an item without files, and one that failed, tell nothing', () => {
  const sendings = new Sendings();
  sendings.outboxIs([waiting('album'), item({ type: 'failed', code: 'quota-reached' })]);
  expect(sendings.of(client).get()).toBeNull();
});
