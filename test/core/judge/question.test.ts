import { expect, test } from 'vitest';
import { promptHash, sharedMessages } from '../../../src/core/judge/question.ts';
import type { Message } from '../../../src/apis/message.ts';

const user = (content: Message['content']): Message => ({ role: 'user', content });
const system = (content: string): Message => ({ role: 'system', content });

test('a judge sees what all lanes were asked, and media by their kind', () => {
  const parts = user([
    { type: 'text', text: 'What is this?' },
    { type: 'image', url: 'data:image/png;base64,AAAA' },
    { type: 'file', name: 'a.pdf', url: 'data:application/pdf;base64,AAAA' },
  ]);
  expect(
    sharedMessages([
      [system('Be brief.'), parts],
      [system('Be long.'), parts],
    ]),
  ).toEqual([{ role: 'user', text: 'What is this?\n[image]\n[file a.pdf]' }]);
});

test('the hash names the prompt: the same for all lanes, another one for another prompt', () => {
  const asked = promptHash([[user('hi')], [user('hi')]]);
  expect(promptHash([[user('hi')], [user('hi')], [user('hi')]])).toBe(asked);
  expect(promptHash([[user('ho')], [user('ho')]])).not.toBe(asked);
  // Prompts that are compared with each other have nothing in common.
  expect(promptHash([[user('a')], [user('b')]])).not.toBe(promptHash([[user('c')], [user('d')]]));
});
