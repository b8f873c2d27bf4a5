import { connect } from 'node:net';
import { expect, test } from 'vitest';
import { says, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

/** Larger than what the socket buffers of both sides hold, and short enough for the cache. */
const PIECES = Array.from({ length: 700 }, (_, at) => `${at} ${'x'.repeat(10_000)}`);

test('a client that leaves while a cached answer is replayed is one log line, and frees its place', async () => {
  const upstream = await startScriptedUpstream(says(PIECES));
  const gateway = await serveConfig(
    `
vendors:
  lab: {base_url: "${upstream.origin}/v1", key: any}
models: {chat: lab:one}
cache: memory
`,
    { args: ['--log-format', 'json'] },
  );
  const body = JSON.stringify({ model: 'chat', messages: [{ role: 'user', content: 'hi' }], stream: true });
  const ask = (): Promise<Response> =>
    fetch(`${gateway.url}/chat/completions`, { method: 'POST', headers: { authorization: 'Bearer any' }, body });
  const lines = (): Record<string, any>[] =>
    gateway
      .stderr()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const whole = await (await ask()).text();
  await expect.poll(() => lines().length).toBe(1);

  const active = async (): Promise<string | undefined> =>
    /^orx_active_requests\S* (\d+)$/m.exec(
      await (await fetch(new URL('/metrics', gateway.url), { headers: { authorization: 'Bearer any' } })).text(),
    )?.[1];
  const { hostname, port } = new URL(gateway.url);
  const socket = connect(Number(port), hostname);
  let received = '';
  const begun = new Promise<void>((resolve) =>
    socket.once('data', (piece) => {
      received = piece.toString();
      socket.pause();
      resolve();
    }),
  );
  socket.write(
    `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\nx-api-key: any\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
  );
  await begun;
  expect(received).toContain('x-orx-cache: hit');
  // It reads nothing more, so the gateway holds the rest of the answer.
  expect(await active()).toBe('2');
  socket.destroy();
  const left = (): Record<string, any>[] => lines().filter(({ path }) => path === '/v1/chat/completions');
  await expect.poll(() => left().length).toBe(2);
  expect(left()[1]).toMatchObject({ status: 499, model: 'chat', error: 'caller.cancelled' });
  expect(await active()).toBe('1');

  const again = await ask();
  expect(again.headers.get('x-orx-cache')).toBe('hit');
  expect((await again.text()).length).toBeGreaterThan(whole.length / 2);
  expect(upstream.completions()).toHaveLength(1);
  expect(gateway.stderr()).not.toMatch(/Unhandled|MaxListeners|Error:/);
  await gateway.stop();
  expect(left()).toHaveLength(3);
});
