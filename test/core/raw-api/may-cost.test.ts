import { expect, test } from 'vitest';
import type { RawMethod } from '../../../src/apis/raw-call.ts';
import { mayCost } from '../../../src/core/raw-api/may-cost.ts';

const costs = (method: RawMethod, path: string | undefined): boolean =>
  mayCost(method, { url: new URL('https://api.example/'), path });

test.each(['chat/completions', 'embeddings', 'images', 'audio/speech', 'videos', 'rerank', 'keysx', 'new/endpoint', undefined])(
  'a POST to %s may cost money',
  (path) => {
    expect(costs('POST', path)).toBe(true);
    expect(costs('GET', path)).toBe(false);
  },
);

test.each<[RawMethod, string]>([
  ['POST', 'keys'],
  ['PATCH', 'keys/abc'],
  ['DELETE', 'guardrails/1'],
  ['POST', 'presets/x/chat/completions'],
  ['POST', 'files'],
])('%s %s is free', (method, path) => {
  expect(costs(method, path)).toBe(false);
});
