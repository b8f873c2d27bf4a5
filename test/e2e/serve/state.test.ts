import { describe, expect, test } from 'vitest';
import { startMessagesServer, MESSAGE_COST, sayMessage } from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { openTerminal, type TerminalRun } from '../../support/terminal.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';
const SECRET = 'a question that nobody else should read';
const CLEARS = /\u001b\[[23]J|\u001bc/;

const ask = (url: string, model: string, headers: Record<string, string> = {}): Promise<Response> =>
  fetch(`${url}/chat/completions`, {
    method: 'POST',
    headers: { authorization: 'Bearer any', 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ model, messages: [{ role: 'user', content: SECRET }] }),
  });

/** Starts the built gateway in front of a fake vendor, with pipes. */
async function serve(...args: string[]) {
  const vendor = await startMessagesServer(sayMessage('Because of scattering.'));
  const { url, stderr, stop: end } = await runServe(args, { env: { ...vendor.env, ORX_RETRIES: '0' } });
  const stop = async (): Promise<string> => {
    await end();
    return stderr();
  };
  return { url, origin: new URL(url).origin, stop };
}

describe("the gateway's status", () => {
  test('liveness, readiness and metrics, without a key', async () => {
    const { url, origin, stop } = await serve();
    const answer = await ask(url, SONNET);
    expect(answer.headers.get('x-orx-target')).toBe(SONNET);
    expect(answer.headers.get('x-orx-attempts')).toBe('1');
    expect(answer.headers.get('x-orx-cost')).toBe(MESSAGE_COST);
    await answer.text();
    expect(await (await fetch(`${origin}/health`)).json()).toEqual({ status: 'ok' });
    expect(await (await fetch(`${origin}/ready`)).json()).toEqual({ status: 'ready' });
    const metrics = await fetch(`${origin}/metrics`);
    expect(metrics.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const text = await metrics.text();
    expect(text).toMatch(/^orx_cost_usd_total\{.*claude-sonnet-4-6.*\} 0\.009165$/m);
    expect(text).toMatch(/^orx_target_up\{orx_target="anthropic:claude-sonnet-4-6"\} 1$/m);
    expect(text).toMatch(/^orx_requests_total\{http_route="chat\/completions",http_response_status_code="200"\} 1$/m);
    await stop();
  });

  test("one JSON line per request, with the client's id and no prompt", async () => {
    const { url, origin, stop } = await serve('--log-format', 'json');
    await (await ask(url, SONNET, { 'x-request-id': 'mine' })).text();
    await (await ask(url, 'nobody:nothing')).text();
    // Claude Code sends this before its first request.
    expect((await fetch(origin, { method: 'HEAD' })).status).toBe(404);
    const stderr = await stop();
    const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
    const [first, second, third] = lines.map((line) => JSON.parse(line));
    expect(first).toMatchObject({ id: 'mine', status: 200, target: SONNET, cost: MESSAGE_COST, attempts: 1 });
    expect(second).toMatchObject({ model: 'nobody:nothing', error: 'caller.unknown_model' });
    expect(third).toMatchObject({ path: '/', status: 404, error: 'caller.invalid_request' });
    expect(stderr).not.toContain(SECRET);
  });

  test('prompts and answers only on request', async () => {
    const { url, stop } = await serve('--log-format', 'json', '--log-content');
    await (await ask(url, SONNET)).text();
    const line = (await stop()).split('\n').find((one) => one.startsWith('{'))!;
    expect(JSON.parse(line)).toMatchObject({ messages: [{ content: SECRET }], answer: 'Because of scattering.' });
    const refused = await runOrx(['serve', '--log-content'], { home: tempFolder() });
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('--log-content needs --log-format json')]);
    const contradiction = await runOrx(['serve', '-q', '--log-format', 'text'], { home: tempFolder() });
    expect([contradiction.code, contradiction.stderr]).toEqual([2, expect.stringContaining('cannot be combined')]);
  });
});

describe('the screen of orx serve', () => {
  async function open(columns: number, rows = 24): Promise<{ run: TerminalRun; url: string }> {
    const run = openTerminal(['--sandbox', 'serve', '--port', '0'], { columns, rows, env: { ORX_SANDBOX_SPEED: '1000' } });
    await run.waitFor('q stop the gateway');
    const url = /http:\/\/127\.0\.0\.1:\d+\/api\/v1/.exec(run.raw())![0];
    return { run, url };
  }

  test.each([60, 80, 120, 200])('shows requests as they arrive at %i columns, and restores the terminal', async (columns) => {
    const { run, url } = await open(columns);
    await (await ask(url, 'openai/gpt-4o-mini')).text();
    await (await ask(url, 'openai/no-such-model')).text();
    await run.waitFor('2 requests');
    const screen = await run.screen();
    expect(screen[0]).toContain('orx serve SANDBOX http://127.0.0.1:');
    expect(screen[1]).toMatch(/^ {2}\$0\.\d+ · 2 requests · 0 in progress · 1 failed/);
    expect(screen.join('\n')).toMatch(/openai\/gpt-4o-mini/);
    for (const line of screen) expect(line.length).toBeLessThan(columns);
    run.type('q');
    expect(await run.exit).toBe(0);
    expect(run.raw()).not.toMatch(CLEARS);
    expect(run.raw().lastIndexOf('\u001b[?25h')).toBeGreaterThan(run.raw().lastIndexOf('\u001b[?25l'));
    const left = (await run.everything()).join('\n');
    expect(left).toContain('served 2 requests, 1 failed: $0');
    // The usage instructions were there before and still are.
    expect(left).toContain('OPENAI_BASE_URL=');
    expect(left).not.toContain('q stop the gateway');
  });

  test('survives a smaller and a larger window, and Ctrl-C ends it', async () => {
    const { run, url } = await open(100, 30);
    await run.resize(50, 10);
    await (await ask(url, 'openai/gpt-4o-mini')).text();
    await run.waitFor('1 requests');
    await run.resize(120, 40);
    await run.waitFor('first token');
    run.type('\u0003');
    expect(await run.exit).toBe(0);
    expect(run.raw()).not.toMatch(CLEARS);
  });

  test('is omitted for -q, for a log, and for screen readers', async () => {
    for (const args of [['-q'], ['--log-format', 'text'], ['--screen-reader']]) {
      const run = openTerminal(['--sandbox', 'serve', '--port', '0', ...args], {});
      await run.waitFor('Stop with Ctrl-C');
      run.type('\u0003');
      await run.exit;
      expect(run.raw()).not.toContain('\u001b[?1049h');
    }
  });
});
