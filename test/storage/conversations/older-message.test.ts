import { expect, test } from 'vitest';
import { encodeReasoningDetails } from '../../../src/apis/reasoning-details.ts';
import { currentMessage } from '../../../src/storage/conversations/older-message.ts';

const DETAILS = [
  { type: 'reasoning.text', text: 'hm', signature: 's', format: 'anthropic-claude-v1', index: 0 },
  { type: 'reasoning.encrypted', data: 'x', id: null },
];
const CITATION = { type: 'url_citation', url_citation: { url: 'https://a.example', title: 'A' } };
const FILE = { type: 'file', file: { hash: 'h' } };

test('a message of an earlier version keeps its reasoning and its annotations', () => {
  const message = currentMessage({ toolCalls: [], reasoningDetails: DETAILS, annotations: [CITATION, FILE] });
  expect(encodeReasoningDetails(message.reasoningParts ?? [])).toEqual(DETAILS);
  expect(message).not.toHaveProperty('reasoningDetails');
  expect(message.annotations).toEqual([
    { kind: 'citation', url: 'https://a.example', title: 'A', apiData: { openrouter: CITATION } },
    { kind: 'file', apiData: { openrouter: FILE } },
  ]);
});

test('a message of this version is unchanged', () => {
  const message = currentMessage({ toolCalls: [], reasoningDetails: DETAILS, annotations: [CITATION, FILE] });
  expect(currentMessage(JSON.parse(JSON.stringify(message)) as typeof message)).toEqual(message);
});
