import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { describe, expect, onTestFinished, test } from 'vitest';
import { createHttpClient } from '../../src/http/client.ts';
import { networkError } from '../../src/http/network-error.ts';
import { readText } from '../../src/http/read-body.ts';
import { type ClientCertificate, secureContextFor, type UserCertificates } from '../../src/http/tls.ts';
import { CLIENT_TLS_FILES, OTHER_PRIVATE_KEY, TLS_FILES } from '../support/tls-files.ts';

const LIMITS = { connectMs: 60_000, firstByteMs: 60_000, idleMs: 60_000 };
const bytes = (text: string): Buffer => Buffer.from(text);
const CA = bytes(TLS_FILES.certificate);

/** Starts a server that answers with the name in the client's certificate. */
async function startServer(requiresCertificate: boolean): Promise<string> {
  const server: Server = createServer(
    {
      cert: TLS_FILES.certificate,
      key: TLS_FILES.privateKey,
      ca: CLIENT_TLS_FILES.certificate,
      requestCert: true,
      rejectUnauthorized: requiresCertificate,
    },
    (request, response) => void response.end(String((request.socket as TLSSocket).getPeerCertificate().subject?.CN)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return `https://localhost:${(server.address() as AddressInfo).port}`;
}

async function get(url: string, tls: UserCertificates | undefined, isAhead = false): Promise<string> {
  const http = createHttpClient({ limits: LIMITS, env: {}, tls });
  onTestFinished(() => http.close());
  if (isAhead) http.connectAhead(new URL(url));
  return readText((await http.send({ method: 'GET', url: new URL(url), headers: {} })).body, 1000);
}

const client = (origin: string, more: Partial<ClientCertificate> = {}): ClientCertificate => ({
  origin,
  certificate: bytes(CLIENT_TLS_FILES.certificate),
  key: bytes(CLIENT_TLS_FILES.privateKey),
  ...more,
});

describe('a server whose certificate Node does not know', () => {
  test('is reached with its authority, also over a connection begun ahead', async () => {
    const url = await startServer(false);
    expect(await get(url, { ca: CA })).toBe('undefined');
    expect(await get(url, { ca: CA }, true)).toBe('undefined');
  });

  test('is an error without it, which names the setting', async () => {
    await expect(get(await startServer(false), undefined)).rejects.toMatchObject({
      kind: 'network',
      code: 'tls',
      hints: [expect.stringContaining('--ca-cert FILE')],
    });
  });
});

describe('a server that requires a client certificate', () => {
  test.each<[string, Partial<ClientCertificate>]>([
    ['two files', {}],
    ['one file with both', { certificate: bytes(CLIENT_TLS_FILES.certificate + CLIENT_TLS_FILES.privateKey), key: undefined }],
    ['an encrypted key', { key: bytes(CLIENT_TLS_FILES.encryptedKey), password: 'secret' }],
    ['PKCS #12', { certificate: Buffer.from(CLIENT_TLS_FILES.pkcs12, 'base64'), key: undefined, password: 'secret' }],
  ])('gets it from %s', async (_name, files) => {
    const url = await startServer(true);
    expect(await get(url, { ca: CA, client: client(url, files) })).toBe('orx-test-client');
  });

  test('is a network error without one', async () => {
    await expect(get(await startServer(true), { ca: CA })).rejects.toMatchObject({ kind: 'network' });
  });

  // Node's own server closes the connection instead of sending these alerts.
  test.each([
    'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
    'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
    'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  ])('that sends the alert %s is an error that names the setting', (code) => {
    const error = Object.assign(new Error('alert'), { code });
    expect(networkError(error, new URL('https://a.example'), LIMITS, undefined)).toMatchObject({
      kind: 'network',
      code: 'client-certificate',
      hints: [expect.stringContaining('--client-cert FILE')],
    });
  });

  test('of another origin does not get it', async () => {
    const url = await startServer(false);
    expect(await get(url, { ca: CA, client: client('https://localhost:1') })).toBe('undefined');
  });
});

test.each<[string, UserCertificates, RegExp]>([
  ['a certificate that is none', { client: client('x', { certificate: bytes('-----BEGIN text') }) }, /client certificate/],
  ['a binary file that is none', { client: client('x', { certificate: bytes('text') }) }, /client certificate/],
  ['the key of another certificate', { client: client('x', { key: bytes(OTHER_PRIVATE_KEY) }) }, /client certificate/],
  [
    'an encrypted key without its password',
    { client: client('x', { key: bytes(CLIENT_TLS_FILES.encryptedKey) }) },
    /client certificate/,
  ],
  [
    'an encrypted key with another password',
    { client: client('x', { key: bytes(CLIENT_TLS_FILES.encryptedKey), password: 'wrong' }) },
    /client certificate/,
  ],
  ['authorities without a certificate', { ca: bytes('text') }, /certificate authorities/],
  ['a damaged authority', { ca: bytes(TLS_FILES.certificate.replace('MII', 'XXX')) }, /certificate authorities/],
])('%s is a usage error', (_name, files, message) => {
  expect(() => secureContextFor('x', files)).toThrow(
    expect.objectContaining({ kind: 'usage', message: expect.stringMatching(message) }),
  );
});
