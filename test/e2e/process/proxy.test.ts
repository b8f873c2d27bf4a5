import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { startBillingServer } from '../../support/billing-server.ts';
import { runOrx } from '../../support/run-orx.ts';

test('the built program reaches the API through a tunneling proxy', async () => {
  const server = await startBillingServer({ 'a/model': { in: '0.000001', out: '0.000002' } });
  const asked: string[] = [];
  const proxy = createServer().on('connect', (request, socket) => {
    asked.push(request.url ?? '');
    const { hostname, port } = new URL(`http://${request.url}`);
    const upstream = connect(Number(port), hostname, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
    upstream.on('error', () => socket.destroy());
    socket.on('error', () => upstream.destroy());
    upstream.pipe(socket).pipe(upstream);
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const { code, stdout } = await runOrx(['chat', 'hi', '-m', 'a/model', '--base-url', server.url, '--proxy', address], {
    env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef' },
  });
  expect({ code, stdout }).toEqual({ code: 0, stdout: 'two words\n' });
  expect(asked).toEqual([new URL(server.url).host]);
});
