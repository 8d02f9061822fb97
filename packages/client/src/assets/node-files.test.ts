import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type MediaContent, parseContent } from '@tidings/api/content';
import { type ConversationId, directId, seq } from '@tidings/api/ids';
import type { MediaItem } from '@tidings/api/media';
import { readConfig } from '@tidings/server/config';
import { makeLogger } from '@tidings/server/log';
import { type Server, startServer } from '@tidings/server/start';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MemoryStore } from '../memory-store.ts';
import { connectNode, type NodeEngine, signUp } from '../node.ts';
import { tusCarrier } from './tus-carrier.ts';

const folder = mkdtempSync(join(tmpdir(), 'tidings-files-'));
const megabyte = 1024 * 1024;
let server: Server;
let line: Line;
let names = 0;
const engines: NodeEngine[] = [];

beforeAll(async () => {
  const settings = {
    PORT: String(10_000 + Math.floor(Math.random() * 20_000)),
    HOST: '127.0.0.1',
    DATA_DIR: folder,
    WEB_DIR: join(folder, 'web'),
    SIGN_UP: 'open',
  };
  server = await startServer(readConfig(settings, [], folder), makeLogger('silent', 'embedded'));
  line = await Line.to(Number(new URL(server.url).port));
}, 60_000);

afterAll(async () => {
  await Promise.all(engines.map((engine) => engine.stop()));
  line.close();
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function somebody(url = server.url) {
  const username = `files-${++names}`;
  const session = await signUp(server.url, { username, displayName: username, password: 'correct horse' });
  const store = new MemoryStore();
  const engine = connectNode({ url, session, store });
  engines.push(engine);
  return { engine, store, session };
}

type Person = Awaited<ReturnType<typeof somebody>>;

async function chatOf(a: Person, b: Person): Promise<ConversationId> {
  await a.engine.api.conversation.open.mutate({ userId: b.engine.self.userId });
  return directId(a.engine.self.userId, b.engine.self.userId);
}

const describedAs = { kind: 'document', mime: 'application/zip', name: 'archive.zip' } as const;
const media = (...items: MediaItem[]): MediaContent => ({ type: 'media', items, text: '' });
const bytesOf = (size: number) => Uint8Array.from({ length: size }, (_, at) => (at * 7 + (at >> 9)) % 251);

/** The newest message's first file, when there are so many messages. */
async function arrives({ store }: Person, chat: ConversationId, count = 1): Promise<MediaItem> {
  const found = async () => {
    const rows = await store.entries(chat, seq(1), seq(1_000), 'oldest', 1_000);
    const contents = rows.filter((row) => row.visible).map((row) => parseContent(row.content));
    const newest = contents.length >= count ? contents.at(-1) : undefined;
    return newest?.type === 'media' ? newest.items[0] : undefined;
  };
  return new Promise((resolve, reject) => {
    const look = async () => {
      const item = await found();
      if (!item) return;
      end();
      resolve(item);
    };
    const end = store.observe(() => void look().catch(reject));
    look().catch(reject);
  });
}

const content = async (blob: Blob) => Buffer.from(await blob.arrayBuffer());

describe('files of a program in Node, on the real server', { timeout: 60_000 }, () => {
  test('ASSET1 ASSET2 are sent, fetched and the same; the server has ciphertext only', async () => {
    const [a, b] = [await somebody(), await somebody()];
    const chat = await chatOf(a, b);
    const secret = 'what nobody else may read';
    const item = await a.engine.files.add(new Blob([secret]), describedAs);
    await a.engine.send(chat, media(item));
    const got = await arrives(b, chat);
    expect(got).toEqual(item);
    expect(await (await b.engine.files.fetch(chat, got.file)).text()).toBe(secret);
    for (const file of filesIn(folder)) expect(readFileSync(file).includes(secret)).toBe(false);
  });

  test.each([0, 1, 65_536, 3 * megabyte + 5])('a file of %i bytes arrives', async (size) => {
    const [a, b] = [await somebody(), await somebody()];
    const chat = await chatOf(a, b);
    await a.engine.send(chat, media(await a.engine.files.add(new Blob([bytesOf(size)]), describedAs)));
    const { file } = await arrives(b, chat);
    expect(
      Buffer.compare(await content(await b.engine.files.fetch(chat, file)), Buffer.from(bytesOf(size))),
    ).toBe(0);
  });

  test('ASSET7 an upload whose line is cut again and again goes on where it stopped, and arrives whole', async () => {
    const [a, b] = [await somebody(line.url), await somebody()];
    const chat = await chatOf(a, b);
    const bytes = bytesOf(24 * megabyte);
    const item = await a.engine.files.add(new Blob([bytes]), describedAs);
    line.cutAfter(10 * megabyte, 16 * megabyte);
    await a.engine.send(chat, media(item));
    const { file } = await arrives(b, chat);
    expect(line.cuts).toBe(2);
    // Each cut loses what was under way; beginning anew would have made it 40.
    expect(line.bytesUp).toBeLessThan(36 * megabyte);
    expect(Buffer.compare(await content(await b.engine.files.fetch(chat, file)), Buffer.from(bytes))).toBe(0);
  });

  test('ASSET3 ASSET11 a file that the server has is not uploaded again, and a forward costs less than a kilobyte', async () => {
    const [a, b] = [await somebody(line.url), await somebody()];
    const chat = await chatOf(a, b);
    const item = await a.engine.files.add(new Blob([bytesOf(2 * megabyte)]), describedAs);
    await a.engine.send(chat, media(item));
    await arrives(b, chat);
    const before = line.bytesUp;
    await a.engine.send(chat, { ...media(item), forwarded: 1 });
    await arrives(b, chat, 2);
    expect(line.bytesUp - before).toBeLessThan(1_024);
    await a.engine.send(chat, media(item));
    await arrives(b, chat, 3);
    expect(line.bytesUp - before).toBeLessThan(3 * 1_024);
  });

  test('ASSET9 a blob that was changed, or cut off, on the server is said to be broken', async () => {
    const [a, b] = [await somebody(), await somebody()];
    const chat = await chatOf(a, b);
    await a.engine.send(chat, media(await a.engine.files.add(new Blob([bytesOf(777_777)]), describedAs)));
    const { file } = await arrives(b, chat);
    const blob = filesIn(folder).find((path) => readFileSync(path).byteLength === file.bytes) as string;
    const right = readFileSync(blob);
    const wrong = Buffer.from(right);
    wrong[400_000] = (wrong[400_000] as number) ^ 1;
    writeFileSync(blob, wrong);
    await expect(b.engine.files.fetch(chat, file)).rejects.toMatchObject({ code: 'asset-broken' });
    writeFileSync(blob, right);
    expect((await b.engine.files.fetch(chat, file)).size).toBe(777_777);
  });

  test('ASSET5 nobody outside the chat gets a link, and a message that lies about the file is found out', async () => {
    const [a, b, c] = [await somebody(), await somebody(), await somebody()];
    const chat = await chatOf(a, b);
    await a.engine.send(chat, media(await a.engine.files.add(new Blob(['x']), describedAs)));
    const { file } = await arrives(b, chat);
    await expect(c.engine.files.fetch(chat, file)).rejects.toMatchObject({ code: 'not-found' });
    await expect(b.engine.files.fetch(chat, { ...file, check: 'A'.repeat(86) })).rejects.toMatchObject({
      code: 'asset-broken',
    });
    await expect(b.engine.files.fetch(chat, { ...file, size: 0 })).rejects.toMatchObject({
      code: 'asset-broken',
    });
  });

  test('what the server refuses comes with its code, and no server is unavailable', async () => {
    const { session } = await somebody();
    const asset = { id: 'A'.repeat(43) as never, check: 'A'.repeat(86), bytes: 3 };
    const carry = (endpoint: string, cookie: string) =>
      tusCarrier({ endpoint, headers: { cookie }, inBuffers: true }).carry(asset, new Blob(['abc']), {
        resume: null,
        begun: () => {},
        progress: () => {},
        signal: new AbortController().signal,
      });
    const uploads = `${server.url}/api/uploads`;
    await expect(carry(uploads, session.cookie)).rejects.toMatchObject({ code: 'asset-missing' });
    await expect(carry(uploads, 'nothing=here')).rejects.toMatchObject({ code: 'not-signed-in' });
    await expect(carry('http://127.0.0.1:9/', '')).rejects.toMatchObject({ code: 'unavailable' });
  });
});

const filesIn = (path: string): string[] =>
  readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));

/** A line to the server that counts what goes up, and breaks when told. */
class Line {
  readonly url: string;
  readonly #sockets = new Set<Socket>();
  readonly #close: () => void;
  #cutAt: number[] = [];
  bytesUp = 0;
  cuts = 0;

  private constructor(port: number, close: () => void) {
    this.url = `http://127.0.0.1:${port}`;
    this.#close = close;
  }

  static async to(target: number): Promise<Line> {
    const listener = createServer((socket) => line.#carry(socket, target));
    await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
    const line = new Line((listener.address() as AddressInfo).port, () => listener.close());
    return line;
  }

  /** Counts from zero, and breaks everything that is open when so many bytes went up. */
  cutAfter(...bytes: number[]): void {
    this.bytesUp = 0;
    this.#cutAt = bytes;
    this.cuts = 0;
  }

  close(): void {
    this.#close();
    for (const socket of this.#sockets) socket.destroy();
  }

  #carry(socket: Socket, target: number): void {
    const out = connect(target, '127.0.0.1');
    for (const end of [socket, out]) {
      this.#sockets.add(end);
      end.on('error', () => {}).on('close', () => this.#sockets.delete(end));
    }
    socket.on('data', (bytes: Buffer) => {
      this.bytesUp += bytes.byteLength;
      if (this.bytesUp >= (this.#cutAt[0] ?? Number.POSITIVE_INFINITY)) {
        this.#cutAt.shift();
        this.cuts += 1;
        for (const open of this.#sockets) open.resetAndDestroy();
      } else if (!out.write(bytes)) {
        socket.pause();
        out.once('drain', () => socket.resume());
      }
    });
    out.pipe(socket);
    socket.on('close', () => out.destroy());
    out.on('close', () => socket.destroy());
  }
}
