import { expect, test } from 'vitest';
import type { ServedRequest } from '../../src/core/serve/served-request.ts';
import { DirectGenerations } from '../../src/gateway/direct-generations.ts';
import { entryOf, resultOf } from '../support/ledger-entries.ts';

const request = (id: string, more: Partial<ServedRequest> = {}): ServedRequest => ({
  id: 'req-1',
  generationId: id,
  startedAt: 0,
  method: 'POST',
  path: '/v1/chat/completions',
  route: 'chat/completions',
  status: 200,
  target: 'anthropic:claude-sonnet-4-6',
  durationMs: 12.4,
  ...more,
});

test('keeps the last answers of vendors, for the client that requested them', () => {
  const generations = new DirectGenerations();
  generations.add(request('msg_0', { client: 'laptop' }));
  expect(generations.find('msg_0', 'laptop')).toMatchObject({ id: 'msg_0', generation_time: 12, total_cost: null });
  expect([
    generations.find('msg_0', undefined),
    generations.find('msg_0', 'other'),
    generations.find('__proto__', 'laptop'),
  ]).toEqual([undefined, undefined, undefined]);
  for (let index = 1; index <= 10_000; index += 1) generations.add(request(`msg_${index}`));
  expect([generations.find('msg_0', 'laptop'), generations.find('msg_1', undefined)?.['id']]).toEqual([undefined, 'msg_1']);
});

test('keeps neither answers of OpenRouter nor those from the cache', () => {
  const generations = new DirectGenerations();
  generations.add(request('gen-1', { target: 'openai/gpt-4o-mini' }));
  generations.add(request('msg_1', { isCached: true }));
  expect([generations.find('gen-1', undefined), generations.find('msg_1', undefined)]).toEqual([undefined, undefined]);
});

test('finds what the ledger has of an answer that this process has not served', () => {
  const entry = {
    ...entryOf('e1', { requestedModel: 'openai:gpt-5.4' }),
    ...resultOf('0.25', { outcome: 'stopped', servedModel: 'gpt-5.4', durationMs: 12.4, promptTokens: 7 }),
    state: 'settled',
  } as const;
  const asked: unknown[] = [];
  const generations = new DirectGenerations((...question) => {
    asked.push(question);
    return question[1] === 'laptop' ? entry : question[1] === 'routed' ? { ...entry, requestedModel: 'a/one' } : undefined;
  });
  generations.add(request('msg_0', { client: 'other' }));
  expect(generations.find('chat-1', 'laptop')).toMatchObject({
    id: 'chat-1',
    model: 'openai:gpt-5.4',
    cancelled: true,
    generation_time: 12,
    native_tokens_prompt: 7,
    total_cost: 0.25,
  });
  expect([generations.find('chat-1', 'routed'), generations.find('chat-1', undefined)]).toEqual([undefined, undefined]);
  // The answer of another client is never looked up.
  expect(generations.find('msg_0', 'laptop')).toBeUndefined();
  expect(asked).toEqual([
    ['chat-1', 'laptop'],
    ['chat-1', 'routed'],
    ['chat-1', undefined],
  ]);
});
