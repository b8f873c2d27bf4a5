import { describe, expect, test } from 'vitest';
import { loadDialect, loadVendorDialects } from '../../../src/apis/direct/dialects.ts';
import { findVendor } from '../../../src/apis/vendors.ts';
import { sendJson } from '../../support/api-server.ts';
import { answerOf, openVendorServer } from '../../support/vendor-server.ts';

describe('the dialect of a model', () => {
  test.each([
    ['openai', 'gpt-5-mini', 'responses'],
    ['openai', 'o3-pro', 'responses'],
    ['openai', 'ft:o4-mini:me::1', 'responses'],
    ['openai', 'gpt-5.3-codex', 'responses'],
    ['openai', 'gpt-10', 'responses'],
    ['openai', 'codex-mini-latest', 'responses'],
    ['openai', 'gpt-5-chat-latest', 'chat-completions'],
    ['openai', 'gpt-4.1', 'chat-completions'],
    ['openai', 'gpt-4o', 'chat-completions'],
    ['openai', 'omni-something', 'chat-completions'],
    ['xai', 'grok-4.3', 'responses'],
    ['xai', 'grok-3-mini', 'chat-completions'],
    ['ollama', 'gpt-5', 'ollama'],
  ] as const)('%s:%s is %s', async (name, model, dialect) => {
    const { dialectOf } = await loadVendorDialects(findVendor(name)!);
    expect(dialectOf(model)).toBe(await loadDialect(dialect));
  });

  test('lists models as the vendor does', async () => {
    expect((await loadVendorDialects(findVendor('openai')!)).dialect).toBe(await loadDialect('chat-completions'));
  });

  test('is the same for all models at a custom base URL', async () => {
    const vendor = { ...findVendor('openai')!, baseUrl: 'https://proxy.example/v1' };
    const { dialectOf } = await loadVendorDialects(vendor);
    expect(dialectOf('gpt-5')).toBe(await loadDialect('chat-completions'));
    const responses = await loadVendorDialects({ ...vendor, dialect: 'responses' });
    expect(responses.dialectOf('gpt-4o')).toBe(await loadDialect('responses'));
  });

  test("is the model's, in requests and in messages about them", async () => {
    const dialects = await loadVendorDialects(findVendor('openai')!);
    const { api, server } = await openVendorServer(
      'openai',
      ({ url }, reply) =>
        url === '/v1/responses'
          ? sendJson(reply, 200, { object: 'response', id: 'r', model: 'gpt-5', status: 'completed', output: [] })
          : sendJson(reply, 200, { id: 'c', model: 'gpt-4o', choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }] }),
      { dialects, apiKey: 'sk-test-test' },
    );
    const request = (model: string) => ({ model, messages: [{ role: 'user', content: 'hi' }] as const, stream: false });
    expect(await answerOf(api.streamCompletion(request('gpt-5')))).toMatchObject({ id: 'r', model: 'openai:gpt-5' });
    expect(await answerOf(api.streamCompletion(request('gpt-4o')))).toMatchObject({ id: 'c', text: 'hi' });
    const { url, headers, body } = await api.describeCompletion!(request('gpt-5'));
    expect(url).toBe(`${server.origin}/v1/responses`);
    expect(headers['authorization']).toBe('Bearer (hidden)');
    expect(server.requests[0]!.json()).toEqual(body);
  });
});
