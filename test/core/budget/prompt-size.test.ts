import { expect, test } from 'vitest';
import { promptSize } from '../../../src/core/budget/prompt-size.ts';
import type { ChatRequest } from '../../../src/apis/completion.ts';

const request = (content: ChatRequest['messages'][number]['content'], more: Partial<ChatRequest> = {}): ChatRequest => ({
  model: 'a/one',
  stream: true,
  messages: [{ role: 'user', content }],
  ...more,
});
const learned = { samples: 30, ratio: 1.5, high: 1.6, overhead: 70 };

test('corrections apply to text only: media, tools and the overhead are not scaled', () => {
  const text = 'word '.repeat(1000);
  const plain = promptSize(request(text), undefined);
  expect(plain).toMatchObject({ extra: 0, expected: plain.estimated });
  expect(promptSize(request(text), learned).expected).toBe(Math.ceil(plain.estimated * 1.5) + 70);

  const url = 'data:image/png;base64,AAAA';
  const pictured = request(
    [
      { type: 'text', text },
      { type: 'image', url },
    ],
    {
      tools: [{ type: 'function', name: 'look_up', parameters: { type: 'object', properties: {} } }],
    } as Partial<ChatRequest>,
  );
  const size = promptSize(pictured, learned);
  expect(size.extra).toBeGreaterThan(1600);
  expect(size.estimated).toBe(plain.estimated + size.extra);
  expect(size.expected).toBe(Math.ceil(plain.estimated * 1.5) + 70 + size.extra);
  expect(size.most).toBeGreaterThan(size.expected);
});
