import { randomUUID } from 'node:crypto';
import OpenAI, { APIError } from 'openai';
import { makeParseableTextFormat } from 'openai/lib/parser';
import { describe, expect, test } from 'vitest';
import { sendPieces, startApiServer } from '../../support/api-server.ts';
import { SERVED_MODELS, type ServedModel } from '../../support/fake-vendors/participants.ts';
import type { Spoken } from '../../support/fake-vendors/spoken.ts';
import { startFakeVendor } from '../../support/fake-vendors/start.ts';
import { itemFaults, responseFaults } from '../../support/response-faults.ts';
import { serveVendors, vendorNameOf } from '../../support/served-vendors.ts';

// OpenAI's official Responses client, against the built gateway over real HTTP.

const PNG =
  'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WEATHER: OpenAI.Responses.FunctionTool = {
  type: 'function',
  name: 'weather',
  description: 'The weather of a city.',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  strict: false,
};
const [SONNET, , GPT] = SERVED_MODELS as [ServedModel, ServedModel, ServedModel];

/** Starts the gateway in front of one vendor with planned answers. */
async function serve({ model, wire, dialect }: ServedModel, answers: (Spoken | 'down')[]) {
  const fake = await startFakeVendor(wire(), () => answers.shift() ?? 'down');
  const served = await serveVendors({ [vendorNameOf(model)]: { origin: fake.server.origin, dialect } });
  const client = new OpenAI({ baseURL: `${served.origin}/v1`, apiKey: 'any', maxRetries: 0 });
  return { ...served, fake, client };
}

const reasoningOf = ({ output }: OpenAI.Responses.Response): string =>
  output
    .flatMap((item) => (item.type === 'reasoning' ? [...item.summary, ...(item.content ?? [])] : []))
    .map(({ text }) => text)
    .join('');
/** Returns what a client sends back of an answer: all of it. */
const again = ({ output }: OpenAI.Responses.Response): OpenAI.Responses.ResponseInputItem[] =>
  output as OpenAI.Responses.ResponseInputItem[];
const say = (text: string): Spoken => ({ reasoning: '', text, calls: [] });

describe.each(SERVED_MODELS)('$model behind /v1/responses', (participant) => {
  const { model } = participant;

  test('calls tools, reasons, and returns its signatures; every piece of text is new', async () => {
    const said = randomUUID();
    const city = randomUUID();
    const { client, fake } = await serve(participant, [
      { reasoning: `Think ${said}.`, text: '', calls: [{ name: 'weather', arguments: { city, days: [1, 2.5] } }] },
      say(`Rain in ${city}: ${said}`),
    ]);
    const image: OpenAI.Responses.ResponseInputImage = { type: 'input_image', image_url: PNG, detail: 'auto' };
    const question: OpenAI.Responses.ResponseInputItem = {
      role: 'user',
      content: [{ type: 'input_text', text: 'Will it rain?' }, ...(participant.readsNoImages === true ? [] : [image])],
    };
    const params = {
      model,
      instructions: 'You are a forecaster.',
      input: [question],
      tools: [WEATHER],
      max_output_tokens: 4000,
      reasoning: { effort: 'high' as const, summary: 'auto' as const },
      include: ['reasoning.encrypted_content' as const],
      store: false,
    };
    const first = await client.responses.stream(params).finalResponse();
    expect(first.status).toBe('completed');
    const calls = first.output.filter((item) => item.type === 'function_call');
    expect(calls.map(({ name, arguments: text }) => [name, JSON.parse(text)])).toEqual([['weather', { city, days: [1, 2.5] }]]);
    expect(reasoningOf(first)).toBe(`Think ${said}.`);
    expect(first.usage?.input_tokens).toBeGreaterThan(0);
    expect(first.usage?.output_tokens).toBeGreaterThan(0);
    expect(JSON.stringify(fake.bodies[0]).includes(PNG.split(',')[1]!)).toBe(participant.readsNoImages !== true);
    expect(JSON.stringify(fake.bodies[0])).toContain('You are a forecaster.');

    const result = { type: 'function_call_output' as const, call_id: calls[0]!.call_id, output: `It rains in ${city}.` };
    const next = await client.responses.create({ ...params, input: [question, ...again(first), result] });
    expect(next.output_text).toBe(`Rain in ${city}: ${said}`);
    expect(fake.faults).toEqual([]);
    expect(fake.losses).toEqual([]);
    expect(JSON.stringify(fake.bodies[1])).toContain(`It rains in ${city}.`);
  });

  test('answers according to a schema', async () => {
    const value = { answer: randomUUID() };
    const { client, fake } = await serve(participant, [say(JSON.stringify(value))]);
    const name = `field_${randomUUID().replaceAll('-', '')}`;
    const schema = { type: 'object', properties: { [name]: { type: 'string' } }, required: [name], additionalProperties: false };
    const parsed = await client.responses.parse({
      model,
      input: 'hi',
      store: false,
      text: {
        format: makeParseableTextFormat({ type: 'json_schema', name: 'reply', schema, strict: true }, (text) => JSON.parse(text)),
      },
    });
    expect(parsed.output_parsed).toEqual(value);
    expect(JSON.stringify(fake.bodies[0])).toContain(name);
  });

  test('reports failures as OpenAI does', async () => {
    const { client } = await serve(participant, ['down']);
    const failure = await client.responses.create({ model, input: 'hi', stream: true }).catch((error) => error);
    expect(failure).toBeInstanceOf(APIError);
    expect(failure).toMatchObject({ status: 503, type: 'server_error', error: { message: 'down' } });
    expect(failure.requestID).toMatch(/^req-/);
  });
});

/** The cases of Open Responses, for one vendor whose events are translated and one whose events pass through. */
describe.each([SONNET, GPT])('the cases of Open Responses, of $model', (participant) => {
  const { model } = participant;
  const user = (text: string): OpenAI.Responses.ResponseInputItem => ({ role: 'user', content: text });
  // Events that pass through are the vendor's own: orx does not check their fields.
  const faultsOf = (response: unknown): string[] => (participant === GPT ? [] : responseFaults(response));

  test('basic-response', async () => {
    const said = randomUUID();
    const { client } = await serve(participant, [say(said)]);
    const response = await client.responses.create({ model, input: [user('Say hello.')] });
    expect(response).toMatchObject({ object: 'response', status: 'completed', output_text: said });
    expect(faultsOf(response)).toEqual([]);
  });

  test('streaming-response', async () => {
    const said = randomUUID();
    const { client } = await serve(participant, [say(said)]);
    const events: any[] = [];
    for await (const event of await client.responses.create({ model, input: [user('Count.')], stream: true })) events.push(event);
    expect(events.flatMap(({ type, delta }) => (type === 'response.output_text.delta' ? [delta] : [])).join('')).toBe(said);
    const numbers = events.map(({ sequence_number: number }) => number);
    expect(numbers).toEqual(numbers.map((_, at) => numbers[0] + at));
    const last = events.at(-1);
    expect(last.type).toBe('response.completed');
    const items = events.filter(({ type }) => !/^response\.(created|in_progress|completed)$/.test(type));
    expect(itemFaults(items, last.response.output)).toEqual([]);
    expect([events[0].response, last.response].flatMap(faultsOf)).toEqual([]);
  });

  test('system-prompt', async () => {
    const { client, fake } = await serve(participant, [say('Arr.')]);
    const response = await client.responses.create({
      model,
      input: [{ role: 'system', content: 'You are a pirate.' }, user('Say hello.')],
    });
    expect(response.output_text).toBe('Arr.');
    expect(JSON.stringify(fake.bodies[0])).toContain('You are a pirate.');
    expect(fake.faults).toEqual([]);
  });

  test('tool-calling', async () => {
    const { client } = await serve(participant, [{ ...say(''), calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }]);
    const response = await client.responses.create({ model, input: [user('Weather?')], tools: [WEATHER] });
    expect(response.output).toMatchObject([
      { type: 'function_call', name: 'weather', arguments: '{"city":"Oslo"}', status: 'completed' },
    ]);
    expect(faultsOf(response)).toEqual([]);
  });

  test('tool-calling-streaming', async () => {
    const { client } = await serve(participant, [{ ...say(''), calls: [{ name: 'weather', arguments: { city: 'Oslo' } }] }]);
    const types: string[] = [];
    const stream = client.responses.stream({ model, input: [user('Weather?')], tools: [WEATHER] });
    for await (const { type } of stream) types.push(type);
    expect(types).toContain('response.function_call_arguments.delta');
    expect(types).toContain('response.function_call_arguments.done');
    expect((await stream.finalResponse()).output).toMatchObject([{ type: 'function_call', arguments: '{"city":"Oslo"}' }]);
  });

  test('image-input', async () => {
    const { client, fake } = await serve(participant, [say('A dot.')]);
    const content: OpenAI.Responses.ResponseInputContent[] = [
      { type: 'input_text', text: 'What is this?' },
      { type: 'input_image', image_url: PNG, detail: 'auto' },
    ];
    const response = await client.responses.create({ model, input: [{ role: 'user', content }] });
    expect(response.output_text).toBe('A dot.');
    expect(JSON.stringify(fake.bodies[0])).toContain(PNG.split(',')[1]);
  });

  test('multi-turn', async () => {
    const { client, fake } = await serve(participant, [say('Alice.')]);
    const response = await client.responses.create({
      model,
      input: [user('I am Alice.'), { role: 'assistant', content: 'Hello Alice!' }, user('Who am I?')],
    });
    expect(response.output_text).toBe('Alice.');
    expect(['I am Alice.', 'Hello Alice!', 'Who am I?'].filter((text) => !JSON.stringify(fake.bodies[0]).includes(text))).toEqual(
      [],
    );
    expect(fake.faults).toEqual([]);
  });
});

describe('the official client of Responses', () => {
  test('receives errors for a missing key, for state that is not stored, and for vendors that do not run a tool', async () => {
    const { origin, client } = await serve(SONNET, []);
    const keyless = await fetch(`${origin}/v1/responses`, { method: 'POST', body: '{}' });
    expect([keyless.status, await keyless.json()]).toMatchObject([401, { error: { type: 'authentication_error' } }]);
    const ask = (more: object): Promise<unknown> => client.responses.create({ model: SONNET.model, input: 'hi', ...more });
    const refused = (message: string): object => ({
      status: 400,
      type: 'invalid_request_error',
      message: expect.stringContaining(message) as string,
    });
    await expect(ask({ store: true })).rejects.toMatchObject(refused('store: true is not supported'));
    await expect(ask({ previous_response_id: 'resp_1' })).rejects.toMatchObject(refused('previous_response_id'));
    await expect(ask({ tools: [{ type: 'code_interpreter', container: { type: 'auto' } }] })).rejects.toMatchObject(
      refused('Anthropic does not support the tool code_interpreter'),
    );
    await expect(ask({ model: 'nobody:x' })).rejects.toMatchObject({ status: 404 });
  });

  test('can use a free-text tool with a model that supports only functions', async () => {
    const patch = `*** Begin ${randomUUID()}\n+"x"`;
    const { client, fake } = await serve(SONNET, [
      { ...say(''), calls: [{ name: 'apply_patch', arguments: { input: patch } }] },
      say('Done.'),
    ]);
    const params = { model: SONNET.model, tools: [{ type: 'custom' as const, name: 'apply_patch' }] };
    const first = await client.responses.stream({ ...params, input: 'Edit.' }).finalResponse();
    const call = first.output.find((item) => item.type === 'custom_tool_call');
    expect(call).toMatchObject({ name: 'apply_patch', input: patch });
    const result = { type: 'custom_tool_call_output' as const, call_id: call!.call_id, output: 'ok' };
    const next = await client.responses.create({
      ...params,
      input: [{ role: 'user', content: 'Edit.' }, ...again(first), result],
    });
    expect(next.output_text).toBe('Done.');
    expect(fake.faults).toEqual([]);
  });

  test('can send the tools of Codex, groups and a search among them, to a vendor without either', async () => {
    const { client, fake } = await serve(SONNET, [
      { ...say(''), calls: [{ name: 'agents__close', arguments: { target: 'a1' } }] },
      say('Closed.'),
    ]);
    const { description, parameters } = WEATHER;
    const tools = [
      WEATHER,
      {
        type: 'namespace',
        name: 'agents',
        description: 'Agents',
        tools: [{ type: 'function', name: 'close', description, parameters }],
      },
      { type: 'web_search', external_web_access: true },
    ] as OpenAI.Responses.Tool[];
    const first = await client.responses.create({ model: SONNET.model, tools, input: 'Close the agent.' });
    const call = first.output.find((item) => item.type === 'function_call')!;
    expect(call).toMatchObject({ namespace: 'agents', name: 'close', arguments: '{"target":"a1"}' });
    const next = await client.responses.create({
      model: SONNET.model,
      tools,
      input: [
        { role: 'user', content: 'Close the agent.' },
        ...again(first),
        { type: 'function_call_output', call_id: call.call_id, output: 'ok' },
      ],
    });
    expect(next.output_text).toBe('Closed.');
    expect(fake.faults).toEqual([]);
  });

  test("receives a vendor's failure mid-stream as an error, and the response as failed", async () => {
    const chunk = { id: 'c', model: 'm', choices: [{ index: 0, delta: { content: 'Half an ans' }, finish_reason: null }] };
    const server = await startApiServer((_, response) =>
      sendPieces(response, [
        `data: ${JSON.stringify(chunk)}\n\n`,
        `data: ${JSON.stringify({ error: { message: 'Overloaded', type: 'server_error', code: 'server_error' } })}\n\n`,
      ]),
    );
    const { origin } = await serveVendors({ mistral: { origin: server.origin } });
    const client = new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'any', maxRetries: 0 });
    const stream = await client.responses.create({ model: 'mistral:m', input: 'hi', stream: true });
    let text = '';
    const read = async (): Promise<void> => {
      for await (const event of stream) if (event.type === 'response.output_text.delta') text += event.delta;
    };
    await expect(read()).rejects.toMatchObject({ error: { message: expect.stringContaining('Overloaded') as string } });
    expect(text).toBe('Half an ans');
    const raw = await fetch(`${origin}/v1/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer any' },
      body: JSON.stringify({ model: 'mistral:m', input: 'hi', stream: true }),
    });
    expect(await raw.text()).toMatch(
      /event: error\n.*\n\nevent: response\.failed\ndata: .*"status":"failed".*\n\ndata: \[DONE\]\n\n$/s,
    );
  });

  test("receives OpenAI's events unchanged, with their cost", async () => {
    const said = randomUUID();
    const { origin, fake } = await serve(GPT, [say(said)]);
    const body = `{"model":"${GPT.model}","stream":true,"input":"\\u0068i","unknown": 12345678901234567890,"tools":[{"type":"code_interpreter","container":{"type":"auto"}}]}`;
    const response = await fetch(`${origin}/api/v1/responses`, {
      method: 'POST',
      headers: { authorization: 'Bearer any' },
      body,
    });
    const text = await response.text();
    expect(text).toContain(`"delta":"${said.slice(0, 18)}"`);
    expect(text).toMatch(/"usage":\{.*"cost":[\d.e-]+/);
    expect(fake.server.requests.at(-1)!.body).toBe(
      body.replace(GPT.model, 'gpt-5-mini').replace(/}$/, ',"store":false,"include":["reasoning.encrypted_content"]}'),
    );
  });
});
