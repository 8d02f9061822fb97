import { openingOf, sqliteForms } from '../testing/sqlite-files.ts';
import { describeLastSeenStore } from './contract.ts';

for (const { form, openStores } of sqliteForms) {
  describeLastSeenStore(
    form,
    openingOf(openStores, (stores) => stores.lastSeen),
  );
}
