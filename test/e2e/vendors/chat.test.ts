import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sendPieces } from '../../support/api-server.ts';
import {
  MESSAGE_COST,
  type MessageHandler,
  type MessagesServer,
  messageError,
  messageStart,
  messageText,
  refuseMessage,
  sayMessage,
  startMessagesServer,
  VENDOR_KEY,
} from '../../support/messages-server.ts';
import { type RunOptions, runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const MODEL = 'anthropic:claude-sonnet-4-6';
const RECEIPT =
  /^anthropic:claude-sonnet-4-6 · Anthropic · [\d.]+ s to first token · (\d+ tok\/s · )?1,600 in \(19% cached\) → 340 out · \$0\.00917 \(computed\)$/m;

interface Orx {
  home: string;
  server: MessagesServer;
  run: (args: readonly string[], options?: RunOptions) => Promise<RunResult>;
  chat: (...args: string[]) => Promise<RunResult>;
  /** Returns the ledger entries, oldest first. */
  entries: () => Promise<any[]>;
}

async function start(handler: MessageHandler): Promise<Orx> {
  const server = await startMessagesServer(handler);
  const home = tempFolder();
  const run: Orx['run'] = (args, options = {}) => runOrx(args, { home, ...options, env: { ...server.env, ...options.env } });
  return {
    home,
    server,
    run,
    chat: (...args) => run(['chat', 'hi', '-m', MODEL, ...args]),
    entries: async () =>
      (await run(['ledger', 'export'])).stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line)),
  };
}

describe('a direct model answers', () => {
  test('as text, with a receipt that marks its cost as computed', async () => {
    const { chat, server, entries } = await start(sayMessage('A direct answer.'));
    const result = await chat('-u');
    expect(result).toMatchObject({ code: 0, stdout: 'A direct answer.\n' });
    expect(result.stderr).toMatch(RECEIPT);
    expect(server.requests.map(({ method, url }) => `${method} ${url}`)).toEqual(['POST /v1/messages']);
    expect(server.requests[0]!.headers['x-api-key']).toBe(VENDOR_KEY);
    expect(server.requests[0]!.json()).toMatchObject({ model: 'claude-sonnet-4-6', stream: true });
    expect(await entries()).toMatchObject([
      {
        state: 'settled',
        outcome: 'complete',
        api: `${server.origin}/v1`,
        model: MODEL,
        provider: 'Anthropic',
        cost: MESSAGE_COST,
        cost_source: 'computed',
        generation_id: null,
        prompt_tokens: 1600,
        cached_tokens: 300,
        cache_write_tokens: 100,
        completion_tokens: 340,
      },
    ]);
  });

  test('as JSON', async () => {
    const { chat } = await start(sayMessage('A direct answer.'));
    const { code, stdout } = await chat('--json');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      model: MODEL,
      requested_model: MODEL,
      provider: 'Anthropic',
      content: 'A direct answer.',
      finish_reason: 'stop',
      native_finish_reason: 'end_turn',
      usage: { prompt_tokens: 1600, completion_tokens: 340, total_tokens: 1940 },
      cost: MESSAGE_COST,
      cost_source: 'computed',
    });
  });

  test('without extra output under -q', async () => {
    const { chat } = await start(sayMessage('A direct answer.'));
    expect(await chat('-q')).toMatchObject({ code: 0, stdout: 'A direct answer.\n', stderr: '' });
  });

  test('again with -c, which sends the earlier messages', async () => {
    const { chat, run, server } = await start(sayMessage('A direct answer.'));
    await chat();
    expect(await run(['chat', '-c', 'and then?'])).toMatchObject({ code: 0, stdout: 'A direct answer.\n' });
    const { model, messages } = server.messages()[1]!.json();
    expect(model).toBe('claude-sonnet-4-6');
    expect(messages.map(({ role, content }: any) => [role, content[0].text])).toEqual([
      ['user', 'hi'],
      ['assistant', 'A direct answer.'],
      ['user', 'and then?'],
    ]);
  });

  test('next to a routed one', async () => {
    const { run, entries } = await start(sayMessage('A direct answer.'));
    const models = ['compare', 'hi', '-m', `${MODEL},test/model`];
    const { code, stdout } = await run(models);
    expect(code).toBe(0);
    expect(stdout).toContain(`## ${MODEL}\n\nA direct answer.\n`);
    expect(stdout).toContain('## test/model\n\nRouted.\n');
    expect(stdout).toMatch(/ {2}anthropic:claude-sonnet-4-6 .* 340 +\$0\.00917 +22\.9$/m);
    expect(stdout).toMatch(/ {2}test\/model .* 340 +\$0\.000400 +1\.0$/m);
    expect(stdout).toContain('cost computed from listed prices: anthropic:claude-sonnet-4-6\n');
    const sources = (await entries()).map(({ requested_model: model, cost_source: source }) => [model, source]);
    expect(sources.toSorted()).toEqual([
      [MODEL, 'computed'],
      ['test/model', 'billed'],
    ]);
  });

  test('and usage counts it for its vendor', async () => {
    const { chat, run } = await start(sayMessage('A direct answer.'));
    await chat();
    const { stdout } = await run(['usage', '--by', 'provider']);
    expect(stdout).toMatch(/^Anthropic +1 +100\.0 .* \$0\.00917$/m);
    expect(stdout).toContain('computed for 1');
  });
});

describe('a budget', () => {
  test('stops a request to a vendor before it is sent', async () => {
    const { chat, run, server, entries } = await start(sayMessage('A direct answer.'));
    await run(['budget', 'add', '--day', '0.0001']);
    const { code, stdout, stderr } = await chat();
    expect({ code, stdout }).toEqual({ code: 4, stdout: '' });
    expect(stderr).toMatch(/^error: the budget of \$0\.0001 a day does not allow this request\n {2}\$0 spent/);
    expect(server.messages()).toEqual([]);
    expect(await entries()).toEqual([]);
  });

  test('counts computed costs', async () => {
    const { chat, run, server } = await start(sayMessage('A direct answer.'));
    await run(['budget', 'add', '--day', '0.0100']);
    expect((await chat()).code).toBe(0);
    // Limited to as many tokens as the budget allows.
    expect(server.messages()[0]!.json().max_tokens).toBeLessThan(700);
    const [budget] = JSON.parse((await run(['budget', '--json'])).stdout);
    expect(budget).toMatchObject({ spent: MESSAGE_COST, held: '0', left: '0.000835' });
  });
});

describe('--dry-run', () => {
  test('shows the request without its key, and runs no key command for it', async () => {
    const { home, server, run } = await start(sayMessage('A direct answer.'));
    const keyCommand = `touch ${join(home, 'ran')}; echo ${VENDOR_KEY}`;
    const entry = { keyCommand, keyOrigin: server.origin };
    writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: { anthropic: entry } }));
    const env = { ANTHROPIC_API_KEY: '' };
    const dry = await run(['chat', 'hi', '-m', MODEL, '--dry-run'], { env });
    expect(dry.code).toBe(0);
    expect(dry.stdout).toContain(`POST ${server.origin}/v1/messages\n`);
    expect(dry.stdout).toContain('x-api-key: (hidden)\n');
    expect(dry.stdout + dry.stderr).not.toContain(VENDOR_KEY);
    expect(existsSync(join(home, 'ran'))).toBe(false);
    expect(server.requests).toEqual([]);
    expect(await run(['chat', 'hi', '-m', MODEL], { env })).toMatchObject({ code: 0, stdout: 'A direct answer.\n' });
    expect(existsSync(join(home, 'ran'))).toBe(true);
    expect(server.messages()[0]!.headers['x-api-key']).toBe(VENDOR_KEY);
  });
});

describe('an answer that does not complete', () => {
  test('after Ctrl-C: the connection closes, and the entry has an estimate', async () => {
    const { server, run, entries } = await start((_, response, model) =>
      sendPieces(response, [messageStart(model), messageText('Slowly, ')], { end: false }),
    );
    const result = await run(['chat', 'hi', '-m', MODEL, '-u'], {
      onStart: (child) => void child.stdout.once('data', () => child.kill('SIGINT')),
    });
    expect(result).toMatchObject({ code: 130, stdout: 'Slowly, \n' });
    expect(result.stderr).toMatch(/^anthropic:claude-sonnet-4-6 · Anthropic · stopped · .* · cost not known$/m);
    await server.messages()[0]!.closed;
    const [entry, ...others] = await entries();
    expect(others).toEqual([]);
    expect(entry).toMatchObject({ state: 'settled', outcome: 'stopped', provider: 'Anthropic', cost_source: 'estimated' });
    expect(Number(entry.cost)).toBeGreaterThan(0);
  });

  test('after a cut: the received part is shown', async () => {
    const { chat, entries } = await start((_, response, model) =>
      sendPieces(response, [messageStart(model), messageText('Half of')]),
    );
    const { code, stdout, stderr } = await chat();
    expect({ code, stdout }).toEqual({ code: 8, stdout: 'Half of\n' });
    expect(stderr).toContain('the stream ended before the response was complete');
    expect(await entries()).toMatchObject([{ outcome: 'failed', error: 'network', cost_source: 'estimated' }]);
    const json = await chat('--json');
    expect(json.code).toBe(8);
    expect(JSON.parse(json.stdout)).toMatchObject({ content: 'Half of', finish_reason: null, error: { code: 'stream-cut' } });
  });

  test('after an error before its first token: orx retries', async () => {
    let count = 0;
    const { chat, run, server, entries } = await start((request, response, model) => {
      count += 1;
      if (count % 2 === 0) return sayMessage('At last.')(request, response, model);
      return sendPieces(response, [messageStart(model), messageError('overloaded_error', 'Overloaded')]);
    });
    const result = await run(['chat', 'hi', '-m', MODEL, '-u'], { env: { ORX_RETRIES: '1' } });
    expect(result).toMatchObject({ code: 0, stdout: 'At last.\n' });
    expect(result.stderr).toContain('warning: Anthropic: Overloaded: attempt 2 in ');
    expect(server.messages()).toHaveLength(2);
    expect((await entries()).map(({ outcome }) => outcome)).toEqual(['failed', 'complete']);
    expect(await chat()).toMatchObject({ code: 7, stdout: '' });
  });

  test('after an error after its first token: orx does not retry', async () => {
    const { run, server } = await start((_, response, model) =>
      sendPieces(response, [messageStart(model), messageText('Half of'), messageError('overloaded_error', 'Overloaded')]),
    );
    const result = await run(['chat', 'hi', '-m', MODEL], { env: { ORX_RETRIES: '3' } });
    expect(result).toMatchObject({ code: 7, stdout: 'Half of\n' });
    expect(result.stderr).toMatch(/^error: Anthropic: Overloaded$/m);
    expect(server.messages()).toHaveLength(1);
  });

  test('after a rate limit: orx waits as long as it is told to, within reason', async () => {
    let at: number[] = [];
    let answer: MessageHandler = refuseMessage(429, 'rate_limit_error', 'slow down', { 'retry-after': '1' });
    const { run, server } = await start((request, response, model) => {
      at.push(performance.now());
      return at.length === 1 ? answer(request, response, model) : sayMessage('At last.')(request, response, model);
    });
    const env = { ORX_RETRIES: '1' };
    const waited = await run(['chat', 'hi', '-m', MODEL, '-u'], { env });
    expect(waited).toMatchObject({ code: 0, stdout: 'At last.\n' });
    expect(waited.stderr).toContain('attempt 2 in 1.00 s');
    expect(at[1]! - at[0]!).toBeGreaterThan(950);
    at = [];
    answer = refuseMessage(429, 'rate_limit_error', 'slow down', { 'retry-after': '7200' });
    const before = server.messages().length;
    expect(await run(['chat', 'hi', '-m', MODEL], { env })).toMatchObject({ code: 5, stdout: '' });
    expect(server.messages()).toHaveLength(before + 1);
  });
});
