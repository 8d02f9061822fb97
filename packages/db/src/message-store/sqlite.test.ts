import { seq } from '@tidings/api/ids';
import { expect, test } from 'vitest';
import { entriesAt, someChat } from '../testing/make.ts';
import { openingOf, sqliteForms } from '../testing/sqlite-files.ts';
import { describeMessageStore } from './contract.ts';
import { bucketSize } from './port.ts';

for (const { form, openStores } of sqliteForms) {
  describeMessageStore(
    form,
    openingOf(openStores, (stores) => stores.messages),
  );
}

test('LOG1 a cell that was dropped stays taken', async () => {
  const store = await openingOf(sqliteForms[1].openStores, (stores) => stores.messages).open();
  const chat = someChat();
  await store.append(entriesAt(chat, 1, bucketSize - 1, bucketSize));
  await store.dropBuckets(chat, seq(bucketSize));
  expect(await store.append(entriesAt(chat, 1))).toEqual(['taken']);
  expect(await store.append(entriesAt(chat, 2))).toEqual(['taken']);
  expect(await store.append(entriesAt(chat, bucketSize + 1))).toEqual(['written']);
});
