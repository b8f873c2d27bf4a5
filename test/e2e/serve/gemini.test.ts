import { randomUUID } from 'node:crypto';
import { ApiError, type Content, type GenerateContentParameters, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import { describe, expect, test } from 'vitest';
import { SERVED_MODELS, type ServedModel } from '../../support/fake-vendors/participants.ts';
import type { Spoken } from '../../support/fake-vendors/spoken.ts';
import { startFakeVendor } from '../../support/fake-vendors/start.ts';
import { serveVendors, vendorNameOf } from '../../support/served-vendors.ts';

// Google's official Gemini client, against the built gateway over real HTTP.

const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
const WEATHER = {
  name: 'weather',
  description: 'The weather of a city.',
  parametersJsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
};
const [SONNET, GEMINI] = SERVED_MODELS as [ServedModel, ServedModel];

/** Starts the gateway in front of one vendor with planned answers. */
async function serve({ model, wire, dialect }: ServedModel, answers: (Spoken | 'down')[]) {
  const fake = await startFakeVendor(wire(), () => answers.shift() ?? 'down');
  const served = await serveVendors({ [vendorNameOf(model)]: { origin: fake.server.origin, dialect } });
  const client = new GoogleGenAI({ apiKey: 'any', httpOptions: { baseUrl: served.origin, retryOptions: { attempts: 1 } } });
  return { ...served, fake, client };
}

async function gathered(stream: AsyncIterable<GenerateContentResponse>) {
  const parts: any[] = [];
  let last: GenerateContentResponse | undefined;
  for await (const response of stream) {
    parts.push(...(response.candidates?.[0]?.content?.parts ?? []));
    last = response;
  }
  const textOf = (isThought: boolean): string =>
    parts.map(({ text = '', thought = false }) => (thought === isThought ? text : '')).join('');
  return { parts, last: last!, text: textOf(false), thoughts: textOf(true) };
}

const say = (text: string): Spoken => ({ reasoning: '', text, calls: [] });

describe.each(SERVED_MODELS)('$model behind /v1beta', (participant) => {
  const { model } = participant;

  test('calls functions, reasons, and returns its signatures; every piece of text is new', async () => {
    const said = randomUUID();
    const city = randomUUID();
    const { client, fake } = await serve(participant, [
      { reasoning: `Think ${said}.`, text: '', calls: [{ name: 'weather', arguments: { city, days: [1, 2.5] } }] },
      say(`Rain in ${city}: ${said}`),
    ]);
    const question: Content = {
      role: 'user',
      parts: [
        { text: 'Will it rain?' },
        ...(participant.readsNoImages === true ? [] : [{ inlineData: { mimeType: 'image/png', data: PNG } }]),
      ],
    };
    const params: GenerateContentParameters = {
      model,
      contents: [question],
      config: {
        systemInstruction: 'You are a forecaster.',
        tools: [{ functionDeclarations: [WEATHER] }],
        maxOutputTokens: 4000,
        thinkingConfig: { includeThoughts: true, thinkingBudget: 2000 },
      },
    };
    const first = await gathered(await client.models.generateContentStream(params));
    const called = first.parts.filter(({ functionCall }) => functionCall !== undefined);
    expect(called.map(({ functionCall }) => [functionCall.name, functionCall.args])).toEqual([
      ['weather', { city, days: [1, 2.5] }],
    ]);
    expect(first.thoughts).toBe(`Think ${said}.`);
    expect(first.last.candidates?.[0]?.finishReason).toBe('STOP');
    expect(first.last.usageMetadata?.promptTokenCount).toBeGreaterThan(0);
    expect(JSON.stringify(fake.bodies[0]).includes(PNG)).toBe(participant.readsNoImages !== true);
    expect(JSON.stringify(fake.bodies[0])).toContain('You are a forecaster.');

    const { id, name } = called[0].functionCall;
    const result: Content = {
      role: 'user',
      parts: [{ functionResponse: { ...(id !== undefined && { id }), name, response: { output: `It rains in ${city}.` } } }],
    };
    const next = await client.models.generateContent({
      ...params,
      contents: [question, { role: 'model', parts: first.parts }, result],
    });
    expect(next.text).toBe(`Rain in ${city}: ${said}`);
    expect(next.usageMetadata?.totalTokenCount).toBeGreaterThan(0);
    expect(fake.faults).toEqual([]);
    expect(fake.losses).toEqual([]);
    expect(JSON.stringify(fake.bodies[1])).toContain(`It rains in ${city}.`);
  });

  test('answers according to a schema', async () => {
    const value = { answer: randomUUID() };
    const { client, fake } = await serve(participant, [say(JSON.stringify(value))]);
    const name = `field_${randomUUID().replaceAll('-', '')}`;
    const response = await client.models.generateContent({
      model,
      contents: 'hi',
      config: {
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object', properties: { [name]: { type: 'string' } }, required: [name] },
      },
    });
    expect(JSON.parse(response.text ?? '')).toEqual(value);
    expect(JSON.stringify(fake.bodies[0])).toContain(name);
  });

  test('reports failures as Google does', async () => {
    const { client } = await serve(participant, ['down']);
    const failure = await client.models.generateContentStream({ model, contents: 'hi' }).catch((error) => error);
    expect(failure).toBeInstanceOf(ApiError);
    expect(failure.status).toBe(503);
    expect(JSON.parse(failure.message).error).toMatchObject({ code: 503, message: 'down', status: 'UNAVAILABLE' });
  });
});

describe('the official client of Gemini', () => {
  test('receives errors for a missing key and a wrong field; a key in the URL is not logged', async () => {
    const { origin, client, stderr, stop, fake } = await serve(SONNET, [say('Sunny.')]);
    const path = `${origin}/v1beta/models/${SONNET.model}:generateContent`;
    const body = JSON.stringify({ contents: [{ parts: [{ text: 'hi' }] }] });
    const keyless = await fetch(path, { method: 'POST', body });
    expect([keyless.status, await keyless.json()]).toMatchObject([401, { error: { code: 401, status: 'UNAUTHENTICATED' } }]);
    const keyed = await fetch(`${path}?key=a-secret-key`, { method: 'POST', body });
    expect(await keyed.json()).toMatchObject({
      candidates: [{ content: { role: 'model', parts: [{ text: 'Sunny.' }] }, finishReason: 'STOP' }],
      modelVersion: SONNET.model,
      usageMetadata: { cost: expect.any(Number) as number },
    });
    await expect(client.models.generateContent({ model: SONNET.model, contents: [] })).rejects.toThrow();
    const wrong = await fetch(`${path}?key=any`, { method: 'POST', body: '{"contents":[]}' });
    expect([wrong.status, await wrong.json()]).toMatchObject([400, { error: { status: 'INVALID_ARGUMENT' } }]);
    await stop();
    expect(stderr()).toContain(':generateContent 200');
    expect(stderr()).not.toContain('a-secret-key');
    expect(JSON.stringify(fake.server.requests)).not.toContain('a-secret-key');
  });

  test('receives a stream as one JSON list if it does not request events', async () => {
    const said = randomUUID();
    const { origin } = await serve(SONNET, [say(said)]);
    const response = await fetch(`${origin}/v1beta/models/${encodeURIComponent(SONNET.model)}:streamGenerateContent`, {
      method: 'POST',
      headers: { 'x-goog-api-key': 'any' },
      body: JSON.stringify({ contents: [{ parts: [{ text: 'hi' }] }] }),
    });
    expect(response.headers.get('content-type')).toBe('application/json');
    const list = (await response.json()) as any[];
    expect(list.map(({ candidates }) => candidates[0].content.parts[0].text).join('')).toBe(said);
    expect(list.at(-1).candidates[0].finishReason).toBe('STOP');
  });

  test("receives Google's responses unchanged, under the bare name of a model, and its models", async () => {
    const said = randomUUID();
    const { origin, fake, client } = await serve(GEMINI, [say(said)]);
    const body = '{"contents":[{"role":"user","parts":[{"text":"\\u0068i"}]}],"unknown": 12345678901234567890}';
    const path = `${origin}/v1beta/models/gemini-3-pro-preview:streamGenerateContent?alt=sse`;
    const response = await fetch(path, { method: 'POST', headers: { 'x-goog-api-key': 'any' }, body });
    expect(await response.text()).toContain(said.slice(0, 18));
    expect(response.headers.get('x-orx-target')).toMatch(/^google:/);
    const asked = fake.server.requests.at(-1)!;
    expect([asked.url, asked.body]).toEqual([
      expect.stringMatching(/\/models\/gemini-3-pro-preview:streamGenerateContent\?alt=sse$/),
      body,
    ]);
    const counted = await client.models.countTokens({ model: 'gemini-3-pro-preview', contents: 'word '.repeat(2000) });
    expect(counted.totalTokens).toBeGreaterThan(1000);
    const pager = await client.models.list({ config: { pageSize: 5 } });
    expect(Array.isArray(pager.page)).toBe(true);
  });
});
