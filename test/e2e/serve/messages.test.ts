import { randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { describe, expect, test } from 'vitest';
import { newGate, type SeenRequest, sendJson, startApiServer } from '../../support/api-server.ts';
import { SERVED_MODELS, type ServedModel } from '../../support/fake-vendors/participants.ts';
import type { Spoken } from '../../support/fake-vendors/spoken.ts';
import { startFakeVendor } from '../../support/fake-vendors/start.ts';
import { MESSAGE_COST, messageEnd, messageStart, messageText, startMessagesServer } from '../../support/messages-server.ts';
import { runOrx } from '../../support/run-orx.ts';
import { serveVendors, vendorNameOf } from '../../support/served-vendors.ts';
import { tempFolder } from '../../support/temp-home.ts';

// Anthropic's official client, against the built gateway over real HTTP.

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WEATHER: Anthropic.Tool = {
  name: 'weather',
  description: 'The weather of a city.',
  input_schema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const HI: Anthropic.MessageParam[] = [{ role: 'user', content: 'hi' }];
const SONNET = 'anthropic:claude-sonnet-4-6';

function clientOf(origin: string): Anthropic {
  return new Anthropic({ baseURL: origin, apiKey: 'any', maxRetries: 0 });
}

/** Starts the gateway in front of one vendor with planned answers. */
async function serve({ model, wire, dialect }: ServedModel, answers: (Spoken | 'down')[]) {
  const fake = await startFakeVendor(wire(), () => answers.shift() ?? 'down');
  const served = await serveVendors({ [vendorNameOf(model)]: { origin: fake.server.origin, dialect } });
  return { ...served, fake, client: clientOf(served.origin) };
}

const textOf = ({ content }: Anthropic.Message): string =>
  content.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('');

describe.each(SERVED_MODELS)('$model behind /v1/messages', (participant) => {
  const { model } = participant;

  test('calls tools, thinks, and returns its signatures; every piece of text is new', async () => {
    const said = randomUUID();
    const city = randomUUID();
    const { client, fake } = await serve(participant, [
      { reasoning: `Think ${said}.`, text: '', calls: [{ name: 'weather', arguments: { city, days: [1, 2.5] } }] },
      { reasoning: '', text: `Rain in ${city}: ${said}`, calls: [] },
    ]);
    const image: Anthropic.ImageBlockParam = { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } };
    const params: Anthropic.MessageCreateParamsNonStreaming = {
      model,
      max_tokens: 4000,
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
      system: [{ type: 'text', text: 'You are a forecaster.' }],
      tools: [WEATHER],
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'Will it rain?' }, ...(participant.readsNoImages === true ? [] : [image])],
        },
      ],
    };
    const first = await client.messages.stream(params).finalMessage();
    expect(first).toMatchObject({ type: 'message', role: 'assistant', stop_reason: 'tool_use' });
    const calls = first.content.filter((block) => block.type === 'tool_use');
    expect(calls).toMatchObject([{ name: 'weather', input: { city, days: [1, 2.5] } }]);
    expect(first.content.flatMap((block) => (block.type === 'thinking' ? [block.thinking] : [])).join('')).toBe(`Think ${said}.`);
    expect(first.usage.output_tokens).toBeGreaterThan(0);
    expect(first.usage.input_tokens).toBeGreaterThan(0);
    expect(JSON.stringify(fake.bodies[0]).includes(PNG)).toBe(participant.readsNoImages !== true);

    const next = await client.messages.create({
      ...params,
      messages: [
        ...params.messages,
        { role: 'assistant', content: first.content },
        { role: 'user', content: [{ type: 'tool_result', tool_use_id: calls[0]!.id, content: `It rains in ${city}.` }] },
      ],
    });
    expect(textOf(next)).toBe(`Rain in ${city}: ${said}`);
    expect(next).toMatchObject({ stop_reason: 'end_turn', usage: { output_tokens: expect.any(Number) as number } });
    expect(fake.faults).toEqual([]);
    expect(fake.losses).toEqual([]);
    expect(JSON.stringify(fake.bodies[1])).toContain(`It rains in ${city}.`);
  });

  test('answers according to a schema', async () => {
    const value = { answer: randomUUID() };
    const { client, fake } = await serve(participant, [{ reasoning: '', text: JSON.stringify(value), calls: [] }]);
    const name = `field_${randomUUID().replaceAll('-', '')}`;
    const schema = { type: 'object', properties: { [name]: { type: 'string' } }, required: [name], additionalProperties: false };
    const message = await client.messages.create({
      model,
      max_tokens: 500,
      messages: HI,
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(JSON.parse(textOf(message))).toEqual(value);
    expect(JSON.stringify(fake.bodies[0])).toContain(name);
  });

  test('reports failures as Anthropic does', async () => {
    const { client } = await serve(participant, ['down']);
    const failure = await client.messages.create({ model, max_tokens: 5, messages: HI, stream: true }).catch((error) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({
      status: 529,
      error: { type: 'error', error: { type: 'overloaded_error', message: 'down' }, request_id: failure.requestID },
    });
    expect(failure.requestID).toMatch(/^req-/);
  });
});

describe('the official client of Anthropic', () => {
  test('receives errors for a missing key and a wrong field', async () => {
    const { origin, client } = await serve(SERVED_MODELS[0]!, []);
    const keyless = await fetch(`${origin}/v1/messages`, { method: 'POST', body: '{}' });
    expect(keyless.status).toBe(401);
    expect(await keyless.json()).toMatchObject({ type: 'error', error: { type: 'authentication_error' } });
    await expect(client.messages.create({ model: SONNET, max_tokens: 5, messages: [] })).rejects.toMatchObject({
      status: 400,
      error: { error: { type: 'invalid_request_error', message: expect.stringContaining('messages') as string } },
    });
    await expect(client.messages.create({ model: 'nobody:x', max_tokens: 5, messages: HI })).rejects.toMatchObject({
      status: 404,
      error: { error: { type: 'not_found_error' } },
    });
    const bearer = new Anthropic({ baseURL: `${origin}/api`, apiKey: null, authToken: 'any', maxRetries: 0 });
    await expect(bearer.messages.create({ model: SONNET, max_tokens: 5, messages: [] })).rejects.toMatchObject({ status: 400 });
  });

  test("receives a vendor's failure mid-stream as an event", async () => {
    const server = await startMessagesServer((_, response, model) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(messageStart(model) + messageText('Half an ans'));
      response.end(`event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n`);
    });
    const { origin } = await serveVendors({ anthropic: { origin: server.origin } });
    const stream = clientOf(origin).messages.stream({ model: SONNET, max_tokens: 50, messages: HI });
    let text = '';
    stream.on('text', (piece) => (text += piece));
    await expect(stream.finalMessage()).rejects.toMatchObject({
      error: {
        type: 'error',
        error: { type: 'overloaded_error', message: 'Overloaded' },
        request_id: expect.any(String) as string,
      },
    });
    expect(text).toBe('Half an ans');
  });

  test("ends the vendor's request when it disconnects", async () => {
    const gate = newGate();
    let seen: SeenRequest | undefined;
    const server = await startMessagesServer((request, response, model) => {
      seen = request;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write(messageStart(model) + messageText('Once upon a time'));
      gate.open();
    });
    const { origin } = await serveVendors({ anthropic: { origin: server.origin } });
    const stream = clientOf(origin).messages.stream({ model: SONNET, max_tokens: 50, messages: HI });
    const begun = new Promise((resolve) => stream.once('text', resolve));
    await gate.opened;
    await begun;
    stream.abort();
    await expect(stream.done()).rejects.toThrow(/abort/i);
    await seen!.closed;
  });

  test("counts tokens: Anthropic's count, and an estimate for other vendors", async () => {
    const bodies: SeenRequest[] = [];
    const anthropic = await startApiServer((request, response) => {
      if (!request.url.endsWith('/count_tokens')) return sendJson(response, 200, { data: [] });
      bodies.push(request);
      return sendJson(response, 200, { input_tokens: 2095 });
    });
    const google = await startFakeVendor(SERVED_MODELS[1]!.wire(), () => 'down');
    const { origin } = await serveVendors({ anthropic: { origin: anthropic.origin }, google: { origin: google.server.origin } });
    const client = clientOf(origin);
    const params = { system: 'Be brief.', tools: [WEATHER], messages: HI };
    const counted = await client.messages.countTokens({ model: SONNET, ...params }).withResponse();
    expect(counted.data).toEqual({ input_tokens: 2095 });
    expect(counted.response.headers.get('x-orx-estimate')).toBeNull();
    expect(bodies[0]!.json()).toEqual({ model: 'claude-sonnet-4-6', ...params });
    // The version is the client's own.
    expect(bodies[0]!.headers['anthropic-version']).toMatch(/^\d{4}-\d\d-\d\d$/);
    expect(bodies[0]!.headers['x-api-key']).not.toBe('any');
    const short = await client.messages.countTokens({ model: 'google:gemini-3-pro-preview', ...params }).withResponse();
    expect(short.response.headers.get('x-orx-estimate')).toBe('true');
    expect(short.data.input_tokens).toBeGreaterThan(10);
    const longer = [{ role: 'user' as const, content: 'word '.repeat(2000) }];
    const long = await client.messages.countTokens({ model: 'google:gemini-3-pro-preview', ...params, messages: longer });
    expect(long.input_tokens).toBeGreaterThan(short.data.input_tokens + 1000);
    expect(google.bodies).toEqual([]);
    await expect(client.messages.countTokens({ model: 'nobody:x', ...params })).rejects.toMatchObject({ status: 404 });
  });

  test('lists models page by page, and finds one', async () => {
    const architecture = { output_modalities: ['text'] };
    const models = ['a', 'b', 'c'].map((slug) => ({
      id: `x/${slug}`,
      name: slug.toUpperCase(),
      created: 1_780_000_000,
      architecture,
    }));
    const router = await startApiServer((_, response) => sendJson(response, 200, { data: models }));
    const { origin } = await serveVendors({ openrouter: { origin: router.origin } });
    const client = clientOf(origin);
    const first = await client.models.list({ limit: 2 });
    expect([first.data.map(({ id }) => id), first.has_more]).toEqual([['x/a', 'x/b'], true]);
    const ids: string[] = [];
    for await (const model of client.models.list({ limit: 2 })) ids.push(model.id);
    expect(ids).toEqual(['x/a', 'x/b', 'x/c']);
    const last = await client.models.list({ limit: 2, before_id: 'x/c' });
    expect([last.data.map(({ id }) => id), last.has_more]).toEqual([['x/a', 'x/b'], false]);
    expect(await client.models.retrieve('x/b')).toMatchObject({
      type: 'model',
      id: 'x/b',
      display_name: 'B',
      created_at: '2026-05-28T20:26:40.000Z',
    });
    await expect(client.models.retrieve('x/z')).rejects.toMatchObject({ status: 404 });
    await expect(client.models.list({ after_id: 'x/z' })).rejects.toMatchObject({ status: 400 });
  });
});

describe('a message to Anthropic itself', () => {
  test("returns the vendor's events unchanged except for the cost, which is also recorded", async () => {
    const events = `${messageStart('claude-sonnet-4-6').replace('"content":[]', '"content":[],"unknown":{"n":12345678901234567890}')}${messageText('Sunny.')}${messageEnd()}`;
    const server = await startMessagesServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.end(events);
    });
    const { origin, home, stop } = await serveVendors({ anthropic: { origin: server.origin } });
    const body = `{"model":"${SONNET}","stream":true,"max_tokens":300,"messages":[{"role":"user","content":"\\u0068i"}],"container":{"id": 12345678901234567890},"tools":[{"type":"bash_20250124","name":"bash"}]}`;
    const response = await fetch(`${origin}/v1/messages?beta=true`, {
      method: 'POST',
      headers: { 'x-api-key': 'any', 'anthropic-beta': 'context-1m-2025-08-07', 'anthropic-version': '2023-06-01' },
      body,
    });
    expect(response.headers.get('x-orx-target')).toBe(SONNET);
    expect(await response.text()).toBe(events.replace('"output_tokens":340}', `"output_tokens":340,"cost":${MESSAGE_COST}}`));
    const [seen] = server.messages();
    expect(seen!.body).toBe(body.replace(SONNET, 'claude-sonnet-4-6'));
    expect(seen!.headers['anthropic-beta']).toBe('context-1m-2025-08-07');
    const whole = await clientOf(origin).messages.create({ model: SONNET, max_tokens: 300, messages: HI });
    expect(whole).toMatchObject({
      content: [{ type: 'text', text: 'Sunny.' }],
      unknown: {},
      usage: { input_tokens: 1200, cache_read_input_tokens: 300, output_tokens: 340, cost: Number(MESSAGE_COST) },
    });
    const streamed = await clientOf(origin).messages.stream({ model: SONNET, max_tokens: 300, messages: HI }).finalMessage();
    expect(streamed).toMatchObject({ content: [{ text: 'Sunny.' }], stop_reason: 'end_turn', usage: { output_tokens: 340 } });
    await stop();
    const { stdout } = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
    const entries = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(entries).toMatchObject([{ cost: MESSAGE_COST }, { cost: MESSAGE_COST }, { cost: MESSAGE_COST }]);
  });

  test('works and is counted under a configured name', async () => {
    const counted: SeenRequest[] = [];
    const counter = await startApiServer((request, response) => {
      counted.push(request);
      if (request.url.endsWith('/count_tokens')) return sendJson(response, 200, { input_tokens: 77 });
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return void response.end(messageStart('claude-sonnet-4-6') + messageText('Sunny.') + messageEnd());
    });
    const file = join(tempFolder(), 'gateway.yaml');
    writeFileSync(file, `models:\n  "claude-*": anthropic:claude-*\n  small: ${SONNET}\n`);
    const { origin } = await serveVendors({ anthropic: { origin: counter.origin } }, { args: ['--config', file] });
    const client = clientOf(origin);
    const { input_tokens: tokens } = await client.messages.countTokens({ model: 'small', messages: HI });
    expect(tokens).toBe(77);
    const message = await client.messages.stream({ model: 'claude-sonnet-4-6', max_tokens: 9, messages: HI }).finalMessage();
    expect(textOf(message)).toBe('Sunny.');
    expect(counted.filter(({ method }) => method === 'POST').map((request) => request.json().model)).toEqual([
      'claude-sonnet-4-6',
      'claude-sonnet-4-6',
    ]);
  });

  test('falls back to another vendor, in the same format', async () => {
    const down = await startMessagesServer((_, response) =>
      sendJson(response, 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }),
    );
    const said = randomUUID();
    const google = await startFakeVendor(SERVED_MODELS[1]!.wire(), () => ({ reasoning: '', text: said, calls: [] }));
    const { origin } = await serveVendors({ anthropic: { origin: down.origin }, google: { origin: google.server.origin } });
    const message = await clientOf(origin)
      .messages.stream({
        model: SONNET,
        max_tokens: 300,
        messages: HI,
        fallbacks: [{ model: 'google:gemini-3-pro-preview' }],
      } as Anthropic.MessageStreamParams)
      .finalMessage();
    expect(textOf(message)).toBe(said);
    expect(message.model).toMatch(/^google:/);
  });
});

describe("requests in Claude Code's format", () => {
  const LINE = 'x-anthropic-billing-header: cc_version=2.1.177.01c; cc_entrypoint=cli; cch=36ee5;';
  const BETA = 'claude-code-20250219,interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14';
  const long = (what: string): string =>
    Array.from({ length: 400 }, (_, at) => `${what} rule ${at}: do as the user says.`).join('\n');
  const MARK = { type: 'ephemeral' as const, ttl: '1h' as const };
  const tools: Anthropic.Tool[] = Array.from({ length: 40 }, (_, at) => ({
    name: at < 20 ? `Tool${at}` : `mcp__server__tool_${at}`,
    description: long(`Tool ${at}`).slice(0, 2000),
    input_schema: {
      $schema: 'http://json-schema.org/draft-07/schema#',
      type: 'object',
      properties: { command: { type: 'string' }, timeout: { type: 'number', maximum: 600_000 } },
      required: ['command'],
      additionalProperties: false,
    },
  }));

  test.each(SERVED_MODELS.slice(0, 3))('$model: tokens are counted, and a session with tools continues', async (participant) => {
    const { model } = participant;
    const said = randomUUID();
    const answers: Spoken[] = [
      {
        reasoning: 'I look first.',
        text: 'Let me look.',
        calls: ['ls', 'pwd'].map((command) => ({ name: 'Tool1', arguments: { command } })),
      },
      { reasoning: 'Good.', text: said, calls: [] },
    ];
    const playing = await serve(participant, answers);
    const client = new Anthropic({
      baseURL: playing.origin,
      apiKey: null,
      authToken: 'any',
      maxRetries: 0,
      defaultHeaders: { 'anthropic-beta': BETA },
    });
    const system: Anthropic.TextBlockParam[] = [
      { type: 'text', text: LINE },
      { type: 'text', text: "You are Claude Code, Anthropic's official CLI for Claude.", cache_control: MARK },
      { type: 'text', text: long('System'), cache_control: MARK },
    ];
    const question: Anthropic.MessageParam = {
      role: 'user',
      content: [
        { type: 'text', text: '<system-reminder>\nToday is a day.\n</system-reminder>' },
        { type: 'text', text: 'What is here?', cache_control: MARK },
      ],
    };
    const { input_tokens: counted } = await client.messages.countTokens({ model, system, tools, messages: [question] });
    expect(counted).toBeGreaterThan(5000);
    const params: Anthropic.MessageCreateParamsNonStreaming = {
      model,
      max_tokens: 32_000,
      system,
      tools,
      metadata: { user_id: `user_${'a'.repeat(64)}_account__session_${randomUUID()}` },
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
      messages: [question],
    };
    const first = await client.beta.messages.stream({ ...params, context_management: { edits: [] } } as never).finalMessage();
    const calls = first.content.filter((block) => block.type === 'tool_use');
    expect(calls).toHaveLength(2);
    const results = calls.map(({ id }, at) => ({
      type: 'tool_result' as const,
      tool_use_id: id,
      content: `output ${at}`,
      is_error: false,
      ...(at === 1 && { cache_control: MARK }),
    }));
    const next = await client.messages
      .stream({
        ...params,
        messages: [
          question,
          { role: 'assistant', content: first.content } as Anthropic.MessageParam,
          { role: 'user', content: results },
        ],
      } as never)
      .finalMessage();
    expect(textOf(next)).toBe(said);
    expect(playing.fake.faults).toEqual([]);
    expect(playing.fake.losses).toEqual([]);
    const sent = JSON.stringify(playing.fake.bodies);
    expect(sent).toContain('System rule 399');
    expect(sent).toContain('mcp__server__tool_39');
    // Anthropic's own accounting goes to no other vendor.
    expect(sent.includes('cch=36ee5')).toBe(model === SONNET);
  });
});
