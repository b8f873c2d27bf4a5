import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { MESSAGE_COST, refuseMessage, sayMessage, startMessagesServer } from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';

async function serve(home: string, env: Record<string, string>, ...args: string[]) {
  const { url, stop, stderr } = await runServe(args, { home, env: { ...env, ORX_RETRIES: '0' } });
  const ask = (body: Record<string, unknown> = {}, headers: Record<string, string> = {}, path = 'chat/completions') =>
    fetch(`${url}/${path}`, {
      method: 'POST',
      headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ model: SONNET, max_tokens: 500, messages: [{ role: 'user', content: 'hi' }], ...body }),
    });
  return { ask, stop, stderr };
}

describe('orx serve --cache', () => {
  test('memory: answers the same request again, whole or streamed, at no cost; a header opts out', async () => {
    const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
    const home = tempFolder();
    const { ask, stop } = await serve(home, vendor.env, '--cache', 'memory');
    const first = await ask();
    expect([first.headers.get('x-orx-cache'), first.headers.get('x-orx-cost')]).toEqual([null, MESSAGE_COST]);
    await first.text();
    const second = await ask();
    expect([second.headers.get('x-orx-cache'), second.headers.get('x-orx-cost')]).toEqual(['hit', '0']);
    expect(await second.json()).toMatchObject({
      choices: [{ message: { content: 'Because of scattering.' } }],
      usage: { prompt_tokens: 1600, completion_tokens: 340, cost: 0 },
    });
    const streamed = await (await ask({ stream: true })).text();
    expect(streamed).toContain('"cost":0');
    expect(streamed.trimEnd()).toMatch(/data: \[DONE\]$/);
    expect(vendor.messages()).toHaveLength(1);
    await (await ask({}, { 'cache-control': 'no-cache' })).text();
    await (await ask({}, { 'cache-control': 'max-age=0, no-store' })).text();
    expect(vendor.messages()).toHaveLength(3);
    await stop();
    // Only requests that were sent have an entry.
    const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home, env: vendor.env });
    expect(stdout.trim().split('\n')).toHaveLength(3);
  });

  test('disk: also after a restart', async () => {
    const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
    const home = tempFolder();
    for (const expected of [null, 'hit']) {
      const { ask, stop } = await serve(home, vendor.env, '--cache', 'disk', '--cache-ttl', '12h');
      const answer = await ask();
      expect(answer.headers.get('x-orx-cache')).toBe(expected);
      expect(await answer.text()).toContain('Because of scattering.');
      await stop();
    }
    expect(vendor.messages()).toHaveLength(1);
  });

  test('never repeats a failure', async () => {
    const vendor = await startMessagesServer(refuseMessage(400, 'invalid_request_error', 'no'));
    const { ask } = await serve(tempFolder(), vendor.env, '--cache', 'memory');
    for (let time = 1; time <= 2; time += 1) {
      expect((await ask()).status).toBe(400);
      expect(vendor.messages()).toHaveLength(time);
    }
  });

  test('disk: a folder that cannot be used is an error, and one that is lost later is reported once', async () => {
    const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
    const home = tempFolder();
    const folder = join(home, 'cache', 'answers');
    const { ask, stop, stderr } = await serve(home, vendor.env, '--cache', 'disk');
    rmSync(folder, { recursive: true });
    writeFileSync(folder, '');
    for (let time = 1; time <= 3; time += 1) expect((await ask()).status).toBe(200);
    await stop();
    expect(stderr().match(/warning: .*/g)).toEqual([
      `warning: cannot store answers in ${folder} (a part of the path is not a folder)`,
    ]);
    const again = await runOrx(['serve', '--cache', 'disk'], { home, env: vendor.env });
    expect([again.code, again.stderr]).toEqual([
      2,
      expect.stringContaining(`cannot store answers in ${folder} (a part of the path is not a folder)`),
    ]);
  });

  test.each([
    [['--cache', 'tape'], 'memory, disk'],
    [['--cache-ttl', '1h'], '--cache-ttl needs --cache'],
    [['--cache', 'memory', '--cache-ttl', 'soon'], '--cache-ttl must be a duration'],
  ])('%j is an error with a hint', async (args, message) => {
    const { code, stderr } = await runOrx(['serve', ...args], { home: tempFolder() });
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)]);
  });
});
