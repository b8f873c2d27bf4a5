import { once } from 'node:events';
import { createServer as createHttpServer, type RequestListener } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { readText } from '../../src/http/read-body.ts';
import { ReadRhythm } from '../../src/http/read-rhythm.ts';
import { TLS_FILES } from '../support/tls-files.ts';
import { pause, turns } from '../support/turns.ts';

/** Longer than any test. */
const LONG_MS = 3_600_000;

/** Returns a connection, its other end, and the pieces that have been read. */
async function connection(): Promise<{ socket: Socket; peer: Socket; pieces: string[] }> {
  const server = createServer();
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  const [peer] = (await once(server, 'connection')) as [Socket];
  peer.setNoDelay(true);
  onTestFinished(() => {
    socket.destroy();
    peer.destroy();
    server.close();
  });
  const pieces: string[] = [];
  socket.on('data', (piece) => pieces.push(String(piece)));
  return { socket, peer, pieces };
}

async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await turns(1);
}

test('after data has arrived, sockets are read together, at the next moment', async () => {
  const rhythm = new ReadRhythm();
  const [one, other] = [await connection(), await connection()];
  for (const { socket } of [one, other]) rhythm.add(socket);
  one.peer.write('first');
  await until(() => one.pieces.length === 1);
  rhythm.arrived(5, LONG_MS);
  await turns();
  for (const text of ['a', 'b', 'c']) {
    one.peer.write(text);
    other.peer.write(text);
    await turns();
  }
  expect([one.pieces, other.pieces]).toEqual([['first'], []]);
  rhythm.resume();
  await until(() => other.pieces.length === 1 && one.pieces.length === 2);
  expect([one.pieces, other.pieces]).toEqual([['first', 'abc'], ['abc']]);
});

test('the moment comes by itself, and a closed connection is noticed then', async () => {
  const rhythm = new ReadRhythm();
  const { socket, peer, pieces } = await connection();
  rhythm.add(socket);
  rhythm.arrived(1, 5);
  await turns();
  peer.end('last');
  await once(socket, 'close');
  expect(pieces).toEqual(['last']);
});

test('much data is read on, as is everything after an end', async () => {
  const rhythm = new ReadRhythm();
  const { socket, peer, pieces } = await connection();
  rhythm.add(socket);
  rhythm.arrived(1_000_000, LONG_MS);
  await turns();
  peer.write('more');
  await until(() => pieces.length === 1);
  rhythm.arrived(1, LONG_MS);
  rhythm.resume();
  await turns();
  peer.write('end');
  await until(() => pieces.length === 2);
  expect(pieces).toEqual(['more', 'end']);
});

const PIECES = Array.from({ length: 120 }, (_, index) => `piece ${index} ${'x'.repeat(100)}\n`);

const answer: RequestListener = async (request, response) => {
  if (request.url === '/closed') response.setHeader('connection', 'close');
  for (const piece of PIECES) {
    response.write(piece);
    await pause(1);
  }
  response.end();
};

test.each(['http', 'https'])(
  'replies over %s that are drawn arrive completely, several at once, with and without an end of the connection',
  async (scheme) => {
    const { certificate, privateKey } = TLS_FILES;
    const server =
      scheme === 'http' ? createHttpServer(answer) : createHttpsServer({ cert: certificate, key: privateKey }, answer);
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const http = createHttpClient({
      limits: { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000 },
      env: {},
      tls: { ca: Buffer.from(certificate) },
    });
    onTestFinished(async () => {
      await http.close();
      server.closeAllConnections();
      server.close();
    });
    const read = async (path: string): Promise<string> => {
      const url = new URL(`${scheme}://localhost:${(server.address() as AddressInfo).port}${path}`);
      const { body } = await http.send({ method: 'GET', url, headers: {}, gatherMs: 7 });
      return readText(body, 1_000_000);
    };
    const whole = PIECES.join('');
    expect(await Promise.all(['/a', '/closed', '/b'].map(read))).toEqual([whole, whole, whole]);
    expect(await read('/again')).toBe(whole);
  },
);
