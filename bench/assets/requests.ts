import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** Sends a body as fast as the other end takes it. */
export async function sendBody(
  url: string,
  { headers, body }: { readonly headers: Record<string, string | number>; readonly body: Readable },
): Promise<number> {
  const sending: ClientRequest = request(url, { method: 'PATCH', headers });
  const answered = once(sending, 'response') as Promise<[IncomingMessage]>;
  await pipeline(body, sending);
  const [answer] = await answered;
  answer.resume();
  await once(answer, 'end');
  return answer.statusCode ?? 0;
}

/** Reads a range and drops it; how many bytes came. */
export async function readRange(url: string, first: number, last: number): Promise<number> {
  const asking = request(url, { headers: { range: `bytes=${first}-${last}` } });
  asking.end();
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  if (answer.statusCode !== 206) throw new Error(`no part: ${answer.statusCode}`);
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    bytes += chunk.byteLength;
  });
  await once(answer, 'end');
  return bytes;
}

/**
 * Asks for one path after the other over so many connections, with as little work of its own as can be: it looks at the status and the length,
 * and counts bytes. Answers how many a second.
 */
export async function requestsPerSecond(
  url: string,
  { paths, connections }: { readonly paths: readonly string[]; readonly connections: number },
): Promise<number> {
  const { hostname, port, host } = new URL(url);
  let next = 0;
  const start = performance.now();
  const one = async () => {
    let socket: Socket | null = null;
    for (let path = paths[next++]; path !== undefined; path = paths[next++]) {
      socket ??= await connected(Number(port), hostname);
      socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`);
      if ((await answerOf(socket)) === 'stays') continue;
      socket.destroy();
      socket = null;
    }
    socket?.destroy();
  };
  await Promise.all(Array.from({ length: connections }, one));
  return (paths.length * 1_000) / (performance.now() - start);
}

async function connected(port: number, host: string): Promise<Socket> {
  const socket = connect(port, host);
  await once(socket, 'connect');
  return socket;
}

/** nginx ends a connection after a thousand requests, and says so in the last answer. */
function answerOf(socket: Socket): Promise<'stays' | 'closes'> {
  return new Promise((resolve, reject) => {
    let head = '';
    let left = -1;
    const take = (chunk: Buffer) => {
      if (left < 0) {
        head += chunk.toString('latin1');
        const end = head.indexOf('\r\n\r\n');
        if (end < 0) return;
        const length = /^content-length: (\d+)/im.exec(head)?.[1];
        if (!head.startsWith('HTTP/1.1 200') || length === undefined)
          return finish(new Error(head.slice(0, 200)));
        left = Number(length) - (head.length - end - 4);
      } else {
        left -= chunk.byteLength;
      }
      if (left === 0) finish();
    };
    const finish = (error?: Error) => {
      socket.off('data', take);
      socket.off('error', finish);
      if (error) reject(error);
      else resolve(/^connection: close/im.test(head) ? 'closes' : 'stays');
    };
    socket.on('data', take);
    socket.once('error', finish);
  });
}
