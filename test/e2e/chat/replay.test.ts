import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type ApiServer, chunk, sendJson, sendPieces, startApiServer } from '../../support/api-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { refusals } from '../../support/strict-provider.ts';
import { tempFolder } from '../../support/temp-home.ts';
import { asked } from '../../support/tool-api.ts';

const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR4nGNgYGD4DwABBAEAX+XDSwAAAABJRU5ErkJggg==';
const CLAUDE = 'anthropic/claude-sonnet-4.5';

/** Deltas of an answer; `'cut'` closes the connection, a number is the status of an error. */
type Script = (question: string, last: any, model: string) => readonly (object | 'cut' | number)[];

/** Starts an API as strict as all providers together: it rejects whatever one of them would reject, with the reason. */
function strictApi(script: Script, models: readonly object[] = []): Promise<ApiServer> {
  return startApiServer(async (request, response) => {
    if (request.method !== 'POST') return sendJson(response, 200, { data: models });
    const body = request.json();
    const faults = refusals(body);
    if (faults.length > 0) return sendJson(response, 400, { error: { code: 400, message: faults.join('; ') } });
    const question = body.messages.findLast(({ role }: any) => role === 'user').content;
    // The last of several models answers.
    const served = { model: body.models?.at(-1) ?? body.model };
    const deltas = script(typeof question === 'string' ? question : JSON.stringify(question), body.messages.at(-1), served.model);
    const status = deltas.find((delta) => typeof delta === 'number');
    if (status !== undefined) return sendJson(response, status, { error: { code: status, message: 'no' } });
    const isCut = deltas.includes('cut');
    const pieces = deltas.filter((delta) => typeof delta === 'object').map((delta) => chunk({ ...delta }, served));
    const calls = deltas.some((delta) => typeof delta === 'object' && 'tool_calls' in delta);
    const end = chunk(
      {},
      { ...served, usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, cost: 0.001 } },
      {
        finish_reason: calls ? 'tool_calls' : 'stop',
      },
    );
    await sendPieces(response, isCut ? pieces : [...pieces, end, 'data: [DONE]\n\n'], { end: !isCut });
    if (isCut) response.destroy();
  });
}

const call = (id: string, given: string) => ({
  tool_calls: [{ index: 0, id, type: 'function', function: { name: 'say', arguments: given } }],
});
const TOOL = ['--tool', 'say', '--allow-tool', 'say'];

function open(server: ApiServer, model = CLAUDE) {
  const home = tempFolder();
  writeFileSync(
    join(home, 'tools.yaml'),
    `tools:\n  say:\n    description: Says a word.\n    parameters: { 'word?': string }\n    command: [/usr/bin/printf, '<%s>', '{{word}}']\n`,
  );
  const env = {
    OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef',
    OPENROUTER_BASE_URL: server.url,
    ORX_MODEL: model,
    ORX_RETRIES: '0',
  };
  return { home, orx: (...args: string[]) => runOrx(['chat', ...args], { home, env }) };
}

describe('a strict provider accepts the next request', () => {
  test.each(['{"word":"ra', '', 'null', '"{}"', '{"word":"r\nain"}'])('after a call whose arguments are %j', async (given) => {
    const server = await strictApi((_, last) => (last.role === 'tool' ? [{ content: 'done' }] : [call('c1', given)]));
    const { orx } = open(server);
    expect(await orx('say it', ...TOOL)).toMatchObject({ code: 0, stdout: expect.stringContaining('done') });
    const [assistant, result] = asked(server)[1].messages.slice(-2);
    expect(assistant.tool_calls[0].function.arguments).toBe('{}');
    // A tool without parameters may be called with no arguments at all.
    const reason = given === '' ? '' : `not run: the arguments are not a JSON object: ${JSON.stringify(given)}`;
    expect(result.content).toContain(reason);
  });

  test('when a conversation that used tools continues without them: they stay defined but cannot be called', async () => {
    const server = await strictApi((question, last) =>
      question === 'say it' && last.role !== 'tool' ? [call('c1', '{"word":"rain"}')] : [{ content: 'done' }],
    );
    const { orx } = open(server);
    expect((await orx('say it', ...TOOL)).code).toBe(0);
    expect(await orx('-c', 'and now?')).toMatchObject({ code: 0, stdout: 'done\n' });
    expect(await orx('-c', '--fork', 'in a copy')).toMatchObject({ code: 0, stdout: 'done\n' });
    const [first, , ...later] = asked(server);
    for (const body of later) {
      expect(body.tools).toEqual(first.tools);
      expect(body.tool_choice).toBe('none');
    }
    const shown = JSON.parse((await orx('-c', 'x', '--dry-run', '--json')).stdout);
    expect(shown.body.tools).toEqual(first.tools);
  });

  test('when the model supports no tools: calls and results are sent as text', async () => {
    const model = { id: 'plain/model', architecture: {}, pricing: {}, supported_parameters: ['max_tokens'] };
    const server = await strictApi(
      (_, last) => (last.role === 'tool' ? [{ content: 'done' }] : [call('c1', '{"word":"rain"}')]),
      [model],
    );
    const { orx } = open(server);
    expect((await orx('say it', ...TOOL)).code).toBe(0);
    await orx('-c', 'and now?', '-m', 'plain/model');
    const { messages, tools } = asked(server).at(-1);
    expect(tools).toBeUndefined();
    expect(JSON.stringify(messages)).toMatch(/Calls say with[\s\S]*Result of a tool: <rain>/);
  });

  test('when the request after a result failed or was cut', async () => {
    for (const failure of [500, 'cut'] as const) {
      const server = await strictApi((question, last) => {
        if (last.role === 'tool') return [failure];
        return question === 'say it' ? [call('abcdefghi', '{}')] : [{ content: 'ok' }];
      });
      const { orx } = open(server, 'mistralai/mistral-large');
      expect((await orx('say it', ...TOOL)).code).not.toBe(0);
      expect(await orx('-c', 'go on', ...TOOL)).toMatchObject({ code: 0, stdout: 'ok\n' });
      expect(
        asked(server)
          .at(-1)
          .messages.map(({ role }: any) => role),
      ).toEqual(['user', 'assistant', 'tool', 'assistant', 'user']);
    }
  });

  test('after answers made of line breaks, before a call and cut off', async () => {
    const server = await strictApi((question, last) => {
      if (question === 'cut') return [{ content: '\n\n' }, 'cut'];
      return question === 'call' && last.role !== 'tool' ? [{ content: '\n\n' }, call('c1', '{}')] : [{ content: 'ok' }];
    });
    const { orx } = open(server);
    await orx('cut');
    expect(await orx('-c', 'next')).toMatchObject({ code: 0, stdout: 'ok\n' });
    expect((await orx('-c', 'call', ...TOOL)).code).toBe(0);
  });

  test.each([
    ['an image alone', []],
    ['an image with text', [{ content: 'Here it is.' }]],
  ])('after %s, which is sent back', async (_name, text) => {
    const image = { content: '', images: [{ type: 'image_url', image_url: { url: PNG } }] };
    const server = await strictApi((question) => (question === 'draw' ? [...text, image] : [{ content: 'ok' }]));
    const { orx } = open(server);
    expect((await orx('draw')).code).toBe(0);
    expect(await orx('-c', 'make it blue')).toMatchObject({ code: 0, stdout: 'ok\n' });
    const [question, answer] = asked(server)[1].messages;
    expect(question).toEqual({ role: 'user', content: 'draw' });
    expect(answer.images).toEqual([{ type: 'image_url', image_url: { url: PNG } }]);
  });

  test('after an answer with citations, which are not sent back', async () => {
    const citation = { type: 'url_citation', url_citation: { url: 'https://x.example' } };
    const file = { type: 'file', file: { hash: 'h', content: [] } };
    const server = await strictApi(() => [{ content: 'ok', annotations: [citation, file] }]);
    const { orx } = open(server);
    await orx('look it up');
    expect((await orx('-c', 'more')).code).toBe(0);
    expect(asked(server)[1].messages[1].annotations).toEqual([file]);
  });

  test('after a change of the model: reasoning goes only to the family that produced it, including fallback models', async () => {
    const server = await strictApi((_question, _last, model) => [
      { content: 'ok', reasoning_details: [{ type: 'reasoning.encrypted', data: 'secret', madeBy: model, index: 0 }] },
    ]);
    const { orx } = open(server);
    const sentWith = (): unknown[] =>
      asked(server)
        .at(-1)
        .messages.flatMap(({ reasoning_details: all = [] }: any) => all);
    await orx('first');
    expect((await orx('-c', 'next', '-m', 'openai/gpt-5')).code).toBe(0);
    expect(sentWith()).toEqual([]);
    expect((await orx('-c', 'next', '-m', CLAUDE)).code).toBe(0);
    expect(sentWith()).toMatchObject([{ madeBy: CLAUDE }]);
    expect((await orx('-c', 'next', '-m', `${CLAUDE}:nitro`)).code).toBe(0);
    expect(sentWith()).toMatchObject([{ madeBy: CLAUDE }, { madeBy: CLAUDE }]);
    await orx('begun by a fallback', '--fallback', 'openai/gpt-5');
    expect((await orx('-c', 'next')).code).toBe(0);
    expect(sentWith()).toEqual([]);
    expect((await orx('-c', 'next', '-m', 'openai/gpt-5.1')).code).toBe(0);
    expect(sentWith()).toMatchObject([{ madeBy: 'openai/gpt-5' }]);
  });

  test('when an id is used by two calls: call, result and reasoning are renamed together and keep the new id', async () => {
    let round = 0;
    const server = await strictApi((question, _last, model) => {
      round += 1;
      if (round > 2) return [{ content: `ok ${question}` }];
      const details = [{ type: 'reasoning.encrypted', data: `s${round}`, id: 'tool_0', signs: true, madeBy: model, index: 0 }];
      return [{ reasoning_details: details }, call('tool_0', '{}')];
    });
    const { orx } = open(server, 'google/gemini-3-pro-preview');
    expect((await orx('twice', ...TOOL)).code).toBe(0);
    expect(await orx('-c', 'again', ...TOOL)).toMatchObject({ code: 0, stdout: 'ok again\n' });
    for (const { messages } of asked(server).slice(2)) {
      const calls = messages.flatMap(({ tool_calls: all = [] }: any) => all.map(({ id }: any) => id));
      const signed = messages.flatMap(({ reasoning_details: all = [] }: any) => all.map(({ id }: any) => id));
      expect(calls).toEqual(['tool_0', 'tool_0_2']);
      expect(signed).toEqual(calls);
    }
  });
});
