import { type MessagePort, parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Database } from 'better-sqlite3';
import { type Answer, commitWrites, openCore, runRead } from './core.ts';
import { type FileOptions, openFile } from './open.ts';
import { decodeRequests, encodeAnswers, type Request } from './protocol.ts';

/**
 * The thread that has the file. While one commit waits for the disk, requests pile up in the port; they become the next one,
 * so the slower the disk, the larger the transactions.
 */
function serve(port: MessagePort, db: Database): void {
  const core = openCore(db);
  port.on('message', (first: string | null) => {
    const batches = [first, ...waiting(port)];
    const requests = batches.flatMap((batch) => (batch === null ? [] : decodeRequests(batch)));
    const reads = requests.filter(({ type }) => type === 'read');
    const writes = requests.filter(({ type }) => type === 'write');
    // Reads first: what the writes are about to do isn't promised to anybody yet, so they needn't wait for the disk.
    if (reads.length > 0)
      answer(
        port,
        reads,
        reads.map((call) => runRead(core, call)),
      );
    if (writes.length > 0) answer(port, writes, commitWrites(core, writes));
    if (batches.includes(null)) close(port, db);
  });
}

function* waiting(port: MessagePort): Generator<string | null> {
  for (let next = receiveMessageOnPort(port); next; next = receiveMessageOnPort(port)) yield next.message;
}

const answer = (port: MessagePort, requests: readonly Request[], answers: readonly Answer[]): void =>
  port.postMessage(encodeAnswers(requests, answers));

function close(port: MessagePort, db: Database): void {
  db.close();
  port.close();
}

const { path, options } = workerData as { path: string; options: FileOptions };
serve(parentPort as MessagePort, openFile(path, options));
(parentPort as MessagePort).postMessage('ready');
