import { openEmbeddedDirectory } from '@tidings/db/directory/embedded';
import { describeAccounts } from './accounts-contract.ts';

describeAccounts('SQLite', () => openEmbeddedDirectory(':memory:'));
