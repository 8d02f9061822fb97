import { openingOf, sqliteForms } from '../testing/sqlite-files.ts';
import { describeWatermarkStore } from './contract.ts';

for (const { form, openStores } of sqliteForms) {
  describeWatermarkStore(
    form,
    openingOf(openStores, (stores) => stores.watermarks),
  );
}
