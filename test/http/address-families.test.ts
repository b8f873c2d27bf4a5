import { once } from 'node:events';
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { LookupFunction } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { probeTcp } from '../../src/http/probe.ts';
import { readText } from '../../src/http/read-body.ts';
import { hasIpv6, silentIpv6Port } from '../support/silent-address.ts';
import { TLS_FILES } from '../support/tls-files.ts';

/** Longer than any test: waiting for the silent address fails it. */
const LIMITS = { connectMs: 3_600_000, firstByteMs: 3_600_000, idleMs: 3_600_000 };
/** IPv6 first, as the system's resolver has it on most machines. */
const ADDRESSES = [
  { address: '::1', family: 6 },
  { address: '127.0.0.1', family: 4 },
] as const;

const lookup: LookupFunction = (_, options, callback) => {
  if (options.all === true) callback(null, [...ADDRESSES]);
  else callback(null, ADDRESSES[0].address, ADDRESSES[0].family);
};

/** Starts a server on 127.0.0.1, on a port on which ::1 never answers. */
async function startBesideSilence(protocol: 'http' | 'https'): Promise<number> {
  const answer = (request: { socket: { remoteAddress?: string | undefined } }, response: { end: (text: string) => void }): void =>
    response.end(`reached from ${request.socket.remoteAddress}`);
  const server =
    protocol === 'http'
      ? createServer(answer)
      : createTlsServer({ cert: TLS_FILES.certificate, key: TLS_FILES.privateKey }, answer);
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  for (;;) {
    const port = await silentIpv6Port();
    try {
      server.listen(port, '127.0.0.1');
      await once(server, 'listening');
      return port;
    } catch (error) {
      // Another test may have the same port on 127.0.0.1.
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

// Only Linux drops attempts to connect to a full queue.
describe.skipIf(process.platform !== 'linux' || !(await hasIpv6()))('a host whose IPv6 address never answers', () => {
  test.each(['http', 'https'] as const)(
    'is reached by %s at its IPv4 address, long before the connection times out',
    async (protocol) => {
      const port = await startBesideSilence(protocol);
      const http = createHttpClient({ limits: LIMITS, env: {}, lookup, tls: { ca: Buffer.from(TLS_FILES.certificate) } });
      onTestFinished(() => http.close());
      const { status, body } = await http.send({ method: 'GET', url: new URL(`${protocol}://localhost:${port}/`), headers: {} });
      expect([status, await readText(body, 100)]).toEqual([200, 'reached from 127.0.0.1']);
    },
  );

  test('is reached there by orx doctor too', async () => {
    const port = await startBesideSilence('http');
    const socket = await probeTcp(new URL(`http://localhost:${port}`), ADDRESSES, LIMITS, new AbortController().signal);
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });
});
