import { describeLocalStore } from './local-store-contract.ts';
import { MemoryStore } from './memory-store.ts';

describeLocalStore('memory', { open: async () => new MemoryStore() });
