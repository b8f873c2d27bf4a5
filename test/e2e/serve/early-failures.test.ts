import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { startApiServer } from '../../support/api-server.ts';
import { runServe } from '../../support/run-serve.ts';
import { refuses, startScriptedUpstream } from '../../support/scripted-upstream.ts';
import { serveConfig } from '../../support/served-gateway.ts';

// Official clients of each dialect, whose streams fail before their first token, against the built gateway.

const HI = [{ role: 'user' as const, content: 'hi' }];

/** Requests a stream with the official client of each dialect. */
const CLIENTS: Readonly<Record<string, (origin: string, model: string) => Promise<unknown>>> = {
  chat: (origin, model) => openai(origin).chat.completions.create({ model, messages: HI, stream: true }),
  Responses: (origin, model) => openai(origin).responses.create({ model, input: 'hi', stream: true }),
  Messages: (origin, model) =>
    new Anthropic({ baseURL: origin, apiKey: 'any', maxRetries: 0 }).messages.create({
      model,
      messages: HI,
      max_tokens: 99,
      stream: true,
    }),
  Gemini: (origin, model) =>
    new GoogleGenAI({
      apiKey: 'any',
      httpOptions: { baseUrl: origin, retryOptions: { attempts: 1 } },
    }).models.generateContentStream({ model: model.replace('/', '%2F'), contents: 'hi' }),
};

const openai = (origin: string): OpenAI => new OpenAI({ baseURL: `${origin}/v1`, apiKey: 'any', maxRetries: 0 });

/** Returns the error of the client. */
async function failureOf(work: Promise<unknown>): Promise<any> {
  return work.then(
    () => undefined,
    (error: unknown) => error,
  );
}

describe.each(Object.entries(CLIENTS))('a client of %s', (_, ask) => {
  test('gets status 429 from a target that it has waited for', async () => {
    const upstream = await startScriptedUpstream(refuses(429, { message: 'slow down' }, { 'retry-after': '1' }));
    const { url } = await serveConfig(`
vendors:
  lab: {base_url: "${upstream.origin}/v1", key: any}
models: {chat: lab:one}
routing: {retries: 0}
`);
    const origin = new URL(url).origin;
    expect(await failureOf(ask(origin, 'chat'))).toMatchObject({ status: 429 });
    const waited = await failureOf(ask(origin, 'chat'));
    expect(waited).toMatchObject({ status: 429 });
    expect(waited.message).toContain('slow down');
    expect(upstream.completions()).toHaveLength(2);
  });

  test('gets the status of a failure that follows a comment of OpenRouter', async () => {
    const server = await startApiServer(({ url }, response) => {
      if (!url.includes('/chat/completions')) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-generation-id': 'gen-1' });
      response.write(': OPENROUTER PROCESSING\n\n');
      const error = { code: 503, message: 'no provider is free', metadata: { error_type: 'provider_overloaded' } };
      const choices = [{ index: 0, delta: { content: '' }, finish_reason: 'error' }];
      setImmediate(() => response.end(`data: ${JSON.stringify({ id: 'gen-1', error, choices })}\n\ndata: [DONE]\n\n`));
    });
    const { url } = await runServe([], {
      env: { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef', OPENROUTER_BASE_URL: server.url, ORX_RETRIES: '0' },
    });
    const error = await failureOf(ask(new URL(url).origin, 'test/model'));
    expect(error?.message).toContain('no provider is free');
    expect([503, 529]).toContain(error.status);
  });
});
