import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { answerPieces, sendPieces, startApiServer } from '../../support/api-server.ts';
import { startHttpProxy, startSocksProxy } from '../../support/proxies.ts';
import { runOrx } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { TLS_FILES } from '../../support/tls-files.ts';

const LOGIN = { user: 'user', password: 'secret' };
const KEY = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' };

test('the built program reaches the API through a forward proxy and a SOCKS5 proxy with a login, with and without TLS', async () => {
  const plain = await startApiServer((_, response) => sendPieces(response, answerPieces(['two words'])));
  const secure = createServer(
    { cert: TLS_FILES.certificate, key: TLS_FILES.privateKey },
    (_, response) => void sendPieces(response, answerPieces(['two words'])),
  );
  await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    secure.closeAllConnections();
    secure.close();
  });
  const secureUrl = `https://localhost:${(secure.address() as AddressInfo).port}/v1`;
  const home = tempFolder();
  const authority = join(home, 'ca.pem');
  writeFileSync(authority, TLS_FILES.certificate);
  const http = await startHttpProxy(LOGIN);
  const socks = await startSocksProxy(LOGIN);
  for (const proxy of [`http://user:secret@127.0.0.1:${http.port}`, `socks5h://user:secret@127.0.0.1:${socks.port}`]) {
    for (const url of [plain.url, secureUrl]) {
      const args = ['chat', 'hi', '-m', 'test/model', '--base-url', url, '--proxy', proxy, '--ca-cert', authority];
      const { code, stdout, stderr } = await runOrx(args, { home, env: KEY });
      expect({ code, stdout }).toEqual({ code: 0, stdout: 'two words\n' });
      expect(stderr).not.toContain('Warning');
    }
  }
  expect(http.asked).toEqual([`POST ${plain.url}/chat/completions`, `CONNECT ${new URL(secureUrl).host}`]);
  expect(socks.asked).toEqual([new URL(plain.url).host, new URL(secureUrl).host]);
});
