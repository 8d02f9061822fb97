import { openingOf, sqliteForms } from '../testing/sqlite-files.ts';
import { describeAccountStateStore } from './contract.ts';

for (const { form, openStores } of sqliteForms) {
  describeAccountStateStore(
    form,
    openingOf(openStores, (stores) => stores.accountStates),
  );
}
