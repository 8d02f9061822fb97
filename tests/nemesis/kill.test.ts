import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paths } from '@tidings/api/protocol';
import { newDeviceId, nodeTransport } from '@tidings/client/node';
import { expect, test } from 'vitest';
import { checkHistory } from '../invariants/check.ts';
import { SeededRandom } from '../simulation/random.ts';
import { ServerProcess } from '../support/server-process.ts';
import { Writer } from './load.ts';
import { type Place, type Plan, Town } from './town.ts';

const rounds = Number(process.env.NEMESIS_ROUNDS ?? 8);
const seed = Number(process.env.NEMESIS_SEED ?? Math.floor(Math.random() * 1_000_000));
/** Between two ends of the server at least so many answers acknowledge something. */
const leastAnswers = 5;

/** Four people with six devices, who all know Ann. */
const plan: Plan = {
  people: ['ann', 'bob', 'cleo', 'dan'],
  withTwoDevices: ['ann', 'bob'],
  pairs: [
    ['ann', 'bob'],
    ['ann', 'cleo'],
    ['ann', 'dan'],
  ],
  groups: [['ann', 'bob', 'cleo', 'dan']],
};

const placeAt = (url: string, acknowledged: () => void): Place => ({
  accounts: url,
  transport: (session, device) => nodeTransport(url, session.cookie, device),
  witness: (session) => nodeTransport(url, session.cookie, newDeviceId()),
  acknowledged,
});

test(
  `INV1 INV2 LOG2 no acknowledged message is lost or doubled over ${rounds} sudden ends of the server, seed ${seed}`,
  async () => {
    const random = new SeededRandom(seed);
    const folder = mkdtempSync(join(tmpdir(), 'tidings-nemesis-'));
    const countdown = new Countdown();
    let server = await ServerProcess.start(folder, { WEB_DIR: join(folder, 'no-web') });
    const PORT = new URL(server.url).port;
    try {
      await using town = await Town.found(
        placeAt(server.url, () => countdown.tick()),
        plan,
      );
      const writers = town.devices.map((device) => new Writer(device, random.stream(device.device)));
      for (const writer of writers) writer.start(town);
      for (let round = 1; round <= rounds; round += 1) {
        await countdown.ended(random.between(leastAnswers, 80));
        await leaveHalfAFrame(server.url, town.devices[0]?.session.cookie ?? '');
        await countdown.ended(random.between(1, 10));
        await server.kill(round % 4 === 0 ? 'SIGTERM' : 'SIGKILL');
        server = await ServerProcess.start(folder, { PORT, WEB_DIR: join(folder, 'no-web') });
      }
      await countdown.ended(20);
      await Promise.all(writers.map((writer) => writer.stop()));
      await town.settle();
      const history = await town.history();
      expect(checkHistory(history)).toEqual([]);
      expect(history.acknowledgements.length).toBeGreaterThanOrEqual(rounds * leastAnswers);
    } finally {
      await server.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  },
  240_000 + rounds * 60_000,
);

/** Resolves in the middle of an acknowledgement's arrival, when so many have come. */
class Countdown {
  #left = 0;
  #done: () => void = () => {};

  ended(after: number): Promise<void> {
    this.#left = after;
    return new Promise((resolve) => {
      this.#done = resolve;
    });
  }

  tick(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#done();
  }
}

/** A client that signs its name to a connection, begins to say something, and is gone. */
async function leaveHalfAFrame(url: string, cookie: string): Promise<void> {
  const { hostname, port, host, origin } = new URL(url);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => {});
  const upgraded = new Promise<void>((resolve) => {
    socket.once('data', () => resolve());
    socket.once('close', () => resolve());
  });
  socket.write(
    [
      `GET ${paths.socket} HTTP/1.1`,
      `Host: ${host}`,
      `Origin: ${origin}`,
      `Cookie: ${cookie}`,
      'Connection: Upgrade',
      'Upgrade: websocket',
      'Sec-WebSocket-Version: 13',
      'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
      '\r\n',
    ].join('\r\n'),
  );
  await upgraded;
  // A masked text frame that promises 1,000 bytes and brings four.
  socket.write(Buffer.from([0x81, 0xfe, 0x03, 0xe8, 1, 2, 3, 4, 0x7a, 0x20, 0x61, 0x66]));
  socket.destroy();
}
