import { describeBlobStore } from './contract.ts';
import { MemoryBlobs } from './memory.ts';

const blobs = new MemoryBlobs();
describeBlobStore('memory', async () => blobs);
