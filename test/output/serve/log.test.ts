import { describe, expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import { requestJson, requestLine } from '../../../src/output/serve/log.ts';
import { failedRequest, servedRequest } from '../../support/served-request.ts';

const SECRET = 'the prompt of somebody';

describe('the line about a request', () => {
  test('has the request, the model, the time and the cost', () => {
    expect(requestLine(servedRequest())).toBe(
      'POST /v1/chat/completions 200 1400 ms anthropic:claude-sonnet-4-6 1,600 in 101 out $0.00917\n',
    );
    expect(requestLine(servedRequest({ client: 'laptop', usage: undefined }))).toBe(
      'POST /v1/chat/completions 200 1400 ms by laptop anthropic:claude-sonnet-4-6\n',
    );
    expect(requestLine(servedRequest({ model: 'fast', attempts: 3 }))).toBe(
      'POST /v1/chat/completions 200 1400 ms fast → anthropic:claude-sonnet-4-6 1,600 in 101 out $0.00917 3 attempts\n',
    );
    expect(requestLine(failedRequest({ model: 'a/b' }))).toBe('POST /v1/chat/completions 502 1400 ms a/b provider.connection\n');
  });

  test('is one short line without escape codes, for any request', () => {
    const line = requestLine(servedRequest({ path: `/v1/\u001b]0;x\u0007\n${'y'.repeat(5000)}`, model: 'a\u202eb' }));
    expect(line.length).toBeLessThan(600);
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    expect(line).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
    expect(line.match(/\n/g)).toHaveLength(1);
  });
});

describe('the same in JSON', () => {
  test('has exact amounts, and times in milliseconds', () => {
    expect(JSON.parse(requestJson(servedRequest()))).toMatchObject({
      time: '2026-11-24T15:30:00.000Z',
      id: 'req-1',
      status: 200,
      duration_ms: 1400,
      operation: 'chat',
      target: 'anthropic:claude-sonnet-4-6',
      provider: 'Anthropic',
      streamed: true,
      attempts: 1,
      overhead_ms: 0.8,
      time_to_first_token_ms: 400,
      prompt_tokens: 1600,
      completion_tokens: 101,
      cached_tokens: 300,
      cost: '0.009165',
      finish_reason: 'stop',
    });
  });

  test('repeats nothing of the prompt, unless content is logged', () => {
    const error = new OrxError(`invalid: "${SECRET}"`, { kind: 'usage', code: 'invalid_request' });
    const quiet = requestJson(failedRequest({ failure: 'caller.invalid_request', error }));
    expect(quiet).not.toContain(SECRET);
    expect(JSON.parse(quiet)).toMatchObject({ error: 'caller.invalid_request', error_code: 'invalid_request' });
    const content = { messages: [{ role: 'user' as const, content: SECRET }], answer: 'Yes.' };
    expect(JSON.parse(requestJson(failedRequest({ failure: 'caller.invalid_request', error, content })))).toMatchObject({
      error_message: `invalid: "${SECRET}"`,
      messages: [{ role: 'user', content: SECRET }],
      answer: 'Yes.',
    });
  });

  test('is one line without active characters', () => {
    const line = requestJson(servedRequest({ path: '/\u001b[2J\n\u009b' }));
    // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
    expect(line.slice(0, -1)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/);
  });
});
