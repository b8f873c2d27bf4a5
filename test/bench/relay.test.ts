import { once } from 'node:events';
import { type AddressInfo, connect, createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { startHelper } from '../../bench/support/helper.js';

test('the relay passes on every byte in order, and the end of each direction by itself', async () => {
  const received: string[] = [];
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    let all = '';
    socket.setEncoding('utf8').on('data', (piece) => (all += piece));
    socket.on('end', () => {
      received.push(all);
      for (let line = 0; line < 100; line += 1) socket.write(`reply ${line}\n`);
      socket.end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const relay = await startHelper('relay.js', [(server.address() as AddressInfo).port]);
  try {
    const [port] = JSON.parse(relay.line) as [number];
    const client = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    for (let line = 0; line < 100; line += 1) client.write(`request ${line}\n`);
    // The server answers only after this end has arrived.
    client.end();
    const lines = (name: string): string => Array.from({ length: 100 }, (_, line) => `${name} ${line}\n`).join('');
    expect(await text(client)).toBe(lines('reply'));
    expect(received).toEqual([lines('request')]);
  } finally {
    relay.stop();
    server.close();
  }
});
