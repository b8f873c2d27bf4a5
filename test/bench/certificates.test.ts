import { once } from 'node:events';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { connect, type TLSSocket } from 'node:tls';
import { afterEach, expect, test } from 'vitest';
import { makeCertificates } from '../../bench/support/certificates.js';

const closing: (() => void)[] = [];
afterEach(() => closing.splice(0).forEach((close) => close()));

async function connectTo(
  files: ReturnType<typeof makeCertificates>,
  options: { ca?: string; servername?: string },
): Promise<TLSSocket> {
  const server = createServer({ cert: files.certificate, key: files.privateKey }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1', ...options });
  closing.push(
    () => socket.destroy(),
    () => server.close(),
  );
  await once(socket, 'secureConnect');
  return socket;
}

test('a client that trusts the authority verifies the certificate, by address and by name', async () => {
  const files = makeCertificates();
  expect((await connectTo(files, { ca: files.authority })).authorized).toBe(true);
  expect((await connectTo(files, { ca: files.authority, servername: 'localhost' })).authorized).toBe(true);
});

test('a client that trusts another authority, or only those of Node, does not', async () => {
  const files = makeCertificates();
  await expect(connectTo(files, { ca: makeCertificates().authority })).rejects.toThrow(/certificate/);
  await expect(connectTo(files, {})).rejects.toThrow(/certificate/);
});
