import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { newGate } from '../../support/api-server.ts';
import {
  MESSAGE_COST,
  type MessageHandler,
  messageStart,
  messageText,
  refuseMessage,
  sayMessage,
  startMessagesServer,
  VENDOR_KEY,
} from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { runServe } from '../../support/run-serve.ts';
import { tempFolder } from '../../support/temp-home.ts';

const SONNET = 'anthropic:claude-sonnet-4-6';
const QUESTION = [{ role: 'user' as const, content: 'Why is the sky blue?' }];

/** Starts the built gateway in front of OpenRouter and a vendor, both fake, with an OpenAI client. */
async function serve(handler: MessageHandler, more: Record<string, string> = {}) {
  const vendor = await startMessagesServer(handler);
  const home = tempFolder();
  const { url, stop, stderr } = await runServe([], { home, env: { ...vendor.env, ORX_RETRIES: '0', ...more } });
  const client = new OpenAI({ baseURL: url.replace('/api/v1', '/v1'), apiKey: 'any', maxRetries: 0 });
  return { vendor, home, url, client, stop, stderr };
}

const entriesOf = async (home: string): Promise<Record<string, unknown>[]> =>
  (await runOrx(['ledger', 'export', '-o', 'jsonl'], { home })).stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('orx serve in front of a vendor', () => {
  test("gives OpenAI's client the vendor's answer, streamed and whole, with its cost, and adds a ledger entry", async () => {
    const { vendor, home, client, stop, stderr } = await serve(sayMessage('Because of scattering.'));
    const stream = await client.chat.completions.create({
      model: SONNET,
      messages: QUESTION,
      stream: true,
      stream_options: { include_usage: true },
      stop: 'END',
      max_tokens: 900,
    });
    const chunks = [];
    for await (const chunk of stream) chunks.push(chunk);
    expect(chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')).toBe('Because of scattering.');
    expect(chunks.at(-1)).toMatchObject({
      model: SONNET,
      provider: 'Anthropic',
      choices: [{ finish_reason: 'stop' }],
      usage: { prompt_tokens: 1600, completion_tokens: 340, cost: Number(MESSAGE_COST) },
    });
    const whole = await client.chat.completions.create({ model: SONNET, messages: QUESTION });
    expect(whole).toMatchObject({
      model: SONNET,
      choices: [{ message: { content: 'Because of scattering.' }, finish_reason: 'stop' }],
    });
    // The request has the vendor's field names and does not contain the client's key.
    const [asked] = vendor.messages();
    expect(asked!.json()).toMatchObject({ model: 'claude-sonnet-4-6', max_tokens: 900, stop_sequences: ['END'] });
    expect(asked!.headers).toMatchObject({ 'x-api-key': VENDOR_KEY });
    expect(asked!.headers).not.toHaveProperty('authorization');
    await stop();
    expect(stderr()).toMatch(/asks Anthropic \(anthropic:model\)/);
    expect(stderr()).toMatch(/POST \/v1\/chat\/completions 200 .* anthropic:claude-sonnet-4-6/);
    expect(await entriesOf(home)).toMatchObject([
      { command: 'serve', requested_model: SONNET, cost: MESSAGE_COST, cost_source: 'computed', outcome: 'complete' },
      { command: 'serve', requested_model: SONNET, cost: MESSAGE_COST, cost_source: 'computed', outcome: 'complete' },
    ]);
  });

  test('routes author/model to OpenRouter, and follows a mixed list', async () => {
    const { client } = await serve(refuseMessage(529, 'overloaded_error', 'Overloaded'));
    const routed = await client.chat.completions.create({ model: 'test/model', messages: QUESTION });
    expect(routed.choices[0]?.message.content).toBe('Routed.');
    const mixed = await client.chat.completions.create({
      model: SONNET,
      messages: QUESTION,
      models: ['test/model'],
    } as unknown as OpenAI.ChatCompletionCreateParamsNonStreaming);
    expect(mixed.choices[0]?.message.content).toBe('Routed.');
  });

  test('reports an error with its status, and a wrong field before any request', async () => {
    const { vendor, client } = await serve(refuseMessage(429, 'rate_limit_error', 'Slow down', { 'retry-after': '7' }));
    const refused: unknown = await client.chat.completions
      .create({ model: SONNET, messages: QUESTION })
      .catch((error: unknown) => error);
    expect(refused).toMatchObject({ status: 429, headers: expect.objectContaining({}) });
    expect((refused as InstanceType<typeof OpenAI.APIError>).headers?.get('retry-after')).toBe('7');
    const asked = vendor.messages().length;
    const wrong = client.chat.completions.create({ model: SONNET, messages: QUESTION, tool_choice: 'often' as 'auto' });
    await expect(wrong).rejects.toMatchObject({ status: 400, message: expect.stringContaining('tool_choice') as string });
    await expect(client.chat.completions.create({ model: 'nobody:x', messages: QUESTION })).rejects.toMatchObject({
      status: 404,
    });
    expect(vendor.messages()).toHaveLength(asked);
  });

  test.each([
    ['chat/completions', { messages: QUESTION }, '"plugins":[null]'],
    ['responses', { input: 'Hi' }, '"plugins":[null]'],
    ['messages', { messages: QUESTION, max_tokens: 5 }, '"tools":[null]'],
  ])('a body that no vendor takes is a bad request: %s', async (path, fields, wrong) => {
    const { vendor, url, stop, stderr } = await serve(sayMessage('never asked'));
    const send = async (body: string): Promise<[number, string]> => {
      const response = await fetch(`${url.replace('/api/v1', '/v1')}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: 'Bearer any' },
        body,
      });
      return [response.status, await response.text()];
    };
    const start = JSON.stringify({ model: SONNET, ...fields }).slice(0, -1);
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(await send(`${start},"other":${deep}}`)).toEqual([400, expect.stringContaining('more than 500 levels')]);
    expect((await send(`${start},${wrong}}`))[0]).toBe(400);
    expect(vendor.messages()).toEqual([]);
    await stop();
    expect(stderr()).not.toContain('internal');
  });

  test('passes on tools, their results and images, and keeps to a budget', async () => {
    const { vendor, home, client } = await serve(sayMessage('Sunny.'));
    const call = { id: 'call_1', type: 'function' as const, function: { name: 'weather', arguments: '{"city":"Oslo"}' } };
    const ask = (): Promise<OpenAI.ChatCompletion> =>
      client.chat.completions.create({
        model: SONNET,
        max_tokens: 500,
        tools: [
          {
            type: 'function',
            function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
          },
        ],
        tool_choice: 'auto',
        messages: [
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Here?' },
              { type: 'image_url', image_url: { url: 'data:image/png;base64,iVBORw0KGgo=' } },
            ],
          },
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: 'sun' },
        ],
      });
    expect((await ask()).choices[0]?.message.content).toBe('Sunny.');
    expect(vendor.messages()[0]!.json()).toMatchObject({
      tools: [{ name: 'weather', input_schema: { type: 'object' } }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'text', text: 'Here?' },
            { type: 'image', source: { media_type: 'image/png', data: 'iVBORw0KGgo=' } },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'weather', input: { city: 'Oslo' } }] },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'call_1' }] },
      ],
    });
    expect((await runOrx(['budget', 'add', '--day', '0.00001'], { home })).code).toBe(0);
    await expect(ask()).rejects.toMatchObject({ status: 402 });
    expect(vendor.messages()).toHaveLength(1);
  });

  test("ends the vendor's request when its client disconnects", async () => {
    const [begun, gone] = [newGate(), newGate()];
    const { client, home, stop } = await serve(async (request, response, model) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(messageStart(model) + messageText('Because'));
      begun.open();
      await request.closed;
      gone.open();
    });
    const stream = await client.chat.completions.create({ model: SONNET, messages: QUESTION, stream: true });
    await begun.opened;
    stream.controller.abort();
    await gone.opened;
    await stop();
    expect(await entriesOf(home)).toMatchObject([{ outcome: 'stopped' }]);
  });

  test('lists the models of both, and serves no web page of another site', async () => {
    const { url, client } = await serve(sayMessage('x'));
    const ids = (await client.models.list()).data.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([SONNET]));
    const foreign = await fetch(`${url}/models`, { headers: { origin: 'https://evil.example' } });
    expect(foreign.status).toBe(403);
  });
});

test('orx serve without any key says what to do', async () => {
  const { code, stderr } = await runOrx(['serve', '--port', '0']);
  expect([code, stderr.split('\n')[0]]).toEqual([3, 'error: no API key: the gateway has no provider to send requests to']);
});
