import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createFactsReader } from '../../../src/apis/openrouter/facts-reader.ts';
import type { RawFacts } from '../../../src/apis/raw-call.ts';

function read(body: string, headers: Record<string, string>, cuts: readonly number[] = []): RawFacts {
  const reader = createFactsReader(headers);
  const bytes = Buffer.from(body);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].toSorted((a, b) => a - b);
  for (const [index, place] of places.slice(1).entries()) reader.push(bytes.subarray(places[index], place));
  return reader.facts();
}

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };
const STREAM_TYPE = { 'content-type': 'text/event-stream' };

test.each<[string, string, Record<string, string>, object]>([
  [
    'a completion',
    '{"id":"gen-1","model":"a/b","provider":"P","usage":{"prompt_tokens":3,"completion_tokens":4,"cost":0.25}}',
    JSON_TYPE,
    { id: 'gen-1', model: 'a/b', provider: 'P', usage: { promptTokens: 3, completionTokens: 4, cost: '0.25' } },
  ],
  [
    'the id of the header wins',
    '{"id":"resp-1","model":"a/b","usage":{"input_tokens":3,"output_tokens":4,"input_tokens_details":{"cached_tokens":2}}}',
    { ...JSON_TYPE, 'x-generation-id': 'gen-2' },
    { id: 'gen-2', usage: { promptTokens: 3, completionTokens: 4, cachedTokens: 2, cost: undefined } },
  ],
  [
    'the stream of a response',
    'event: x\ndata: {"type":"response.created","response":{"id":"r","model":"a/b","usage":null}}\n\n: ping\n\ndata: {"type":"response.completed","response":{"usage":{"input_tokens":5,"output_tokens":6,"cost":0.5}}}\r\n\r\ndata: [DONE]\n\n',
    STREAM_TYPE,
    { id: 'r', model: 'a/b', usage: { promptTokens: 5, completionTokens: 6, cost: '0.5' } },
  ],
  [
    'the stream of a message, whose last line has no end',
    'data: {"type":"message_start","message":{"id":"m","model":"a/b","usage":{"input_tokens":7,"output_tokens":0}}}\n\ndata: {"type":"message_delta","usage":{"output_tokens":8}}',
    STREAM_TYPE,
    { id: 'm', usage: { promptTokens: 7, completionTokens: 8 } },
  ],
  [
    'your own key at a provider',
    '{"usage":{"cost":0.1,"is_byok":true,"cost_details":{"upstream_inference_cost":2}}}',
    JSON_TYPE,
    { usage: { cost: '0.1', isByok: true, upstreamCost: '2' } },
  ],
  ['an impossible cost', '{"usage":{"prompt_tokens":1,"cost":-5}}', JSON_TYPE, { usage: { cost: undefined } }],
])('%s, however it is split', (_, body, headers, facts) => {
  fc.assert(
    fc.property(fc.array(fc.nat(), { maxLength: 8 }), (cuts) => {
      expect(read(body, headers, cuts)).toMatchObject(facts);
    }),
    { numRuns: 30 },
  );
});

test.each([
  ['audio', '{"usage":{"cost":1}}', { 'content-type': 'audio/mpeg', 'x-generation-id': 'gen-3' }],
  ['a page', '<html>', { 'content-type': 'application/json', 'x-generation-id': 'gen-3' }],
])('%s says nothing', (_, body, headers) => {
  expect(read(body, headers)).toEqual({ id: 'gen-3', usage: undefined });
});
