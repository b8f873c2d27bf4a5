import { describe, expect, test } from 'vitest';
import { passOnChat } from '../../../src/apis/chat-completions/pass-on-chat.ts';
import { findVendor, type Vendor } from '../../../src/apis/vendors.ts';
import { normalizeRequest } from '../../../src/core/request/replay/normalize-request.ts';
import { parseChatRequest } from '../../../src/gateway/dialects/chat/parse-request.ts';

const HOST: Vendor = {
  name: 'host',
  label: 'Host',
  dialect: 'chat-completions',
  baseUrl: 'http://h/v1',
  baseUrlVariables: [],
  keyVariables: [],
};
const HI = [{ role: 'user', content: 'hi' }];
const call = { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } };

/** Returns the body that the vendor receives, or undefined if orx translates it. */
function passed(vendor: Vendor, model: string, body: Record<string, unknown> | string) {
  const text = typeof body === 'string' ? body : JSON.stringify({ model: `${vendor.name}:${model}`, messages: HI, ...body });
  const request = parseChatRequest(text, { asksVendor: () => true });
  return passOnChat({ ...normalizeRequest(request), model }, request.original!, vendor);
}

describe('a chat completion to a host of chat completions', () => {
  test('keeps its messages, tools and unknown fields unchanged', () => {
    const body =
      '{"model":"host:m","messages":[{"role":"user","name":"Ann","content":[{"type":"image_url","image_url":{"url":"https://a/b.png","detail":"low"}},{"type":"text","text":"\\u0068i"}]}],"tools":[{"type":"function","function":{"name":"f","parameters":{"type":"object","maximum":12345678901234567890}},"x":1}],"logprobs":true,"prediction":{"n": 12345678901234567890},"stream":true}';
    expect(passed(HOST, 'm', body)?.text).toBe(
      body.replace('host:m', 'm').replace('"stream":true', '"stream":true,"stream_options":{"include_usage":true}'),
    );
  });

  test("uses the host's names for everything else, and omits what the host does not support", () => {
    const openai = findVendor('openai')!;
    const given = { max_tokens: 5, temperature: 0.5, top_k: 4, provider: { only: ['x'] }, models: ['openai:b'], user: 'u' };
    const { text, dropped } = passed(openai, 'gpt-4.1', given)!;
    expect(JSON.parse(text)).toEqual({
      model: 'gpt-4.1',
      messages: HI,
      max_completion_tokens: 5,
      temperature: 0.5,
      user: 'u',
      stream: false,
    });
    expect(dropped).toContain('top_k: OpenAI has no such parameter');
  });

  test.each<[string, string, Record<string, unknown>]>([
    ['mistral', 'mistral-small', {}],
    [
      'deepseek',
      'deepseek-chat',
      {
        messages: [
          ...HI,
          { role: 'assistant', content: null, tool_calls: [call] },
          { role: 'tool', tool_call_id: 'call_1', content: 'r' },
        ],
      },
    ],
    ['deepseek', 'deepseek-chat', { response_format: { type: 'json_schema', json_schema: { name: 'a', schema: {} } } }],
    ['openai', 'o3-mini', { messages: [{ role: 'system', content: 's' }, ...HI] }],
    ['groq', 'llama-3', { messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] }],
  ])('is translated if %s departs from OpenAI: %s', (vendor, model, body) => {
    expect(passed(findVendor(vendor)!, model, body)).toBeUndefined();
  });

  test.each<[string, unknown[]]>([
    ['reasoning of OpenRouter', [...HI, { role: 'assistant', content: 'a', reasoning_details: [] }, ...HI]],
    ['a cache marker', [{ role: 'user', content: [{ type: 'text', text: 'a', cache_control: { type: 'ephemeral' } }] }]],
    ['two messages of one side', [...HI, ...HI]],
    ['a call without a result', [...HI, { role: 'assistant', content: null, tool_calls: [call] }, ...HI]],
    ['a blank message', [...HI, { role: 'assistant', content: ' ' }, ...HI]],
  ])('is translated if the conversation has %s', (_, messages) => {
    expect(passed(HOST, 'm', { messages })).toBeUndefined();
  });
});
