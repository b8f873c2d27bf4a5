import { expect, test } from 'vitest';
import { refuseRoutingConflicts } from '../../../src/core/request/routing-conflicts.ts';

type Choice = Parameters<typeof refuseRoutingConflicts>[0];
const check = (choice: Partial<Choice>) => () =>
  refuseRoutingConflicts({ provider: undefined, only: undefined, ignore: undefined, 'provider-fallbacks': true, ...choice });

test.each<[Partial<Choice>, RegExp]>([
  [{ provider: ['a', 'B/turbo'], ignore: ['b'] }, /^B\/turbo is in --provider and in --ignore$/],
  [{ only: ['a'], ignore: ['b', ' A '] }, /--ignore excludes every provider of --only/],
  [{ only: ['a'], provider: ['b'], 'provider-fallbacks': false }, /--only allows no provider of --provider/],
])('%j is a contradiction', (choice, told) => {
  expect(check(choice)).toThrow(expect.objectContaining({ kind: 'usage', message: expect.stringMatching(told) as string }));
});

test.each<[Partial<Choice>]>([
  [{}],
  [{ provider: ['a'], ignore: ['b'], only: ['a', 'c'] }],
  [{ provider: ['b'], ignore: ['b/turbo'] }],
  [{ only: ['a', 'b'], ignore: ['a'] }],
  [{ only: ['a'], provider: ['b'] }],
  [{ only: ['a/fp8'], provider: ['a'], 'provider-fallbacks': false }],
  [{ only: ['a'], provider: ['a/fp8'], 'provider-fallbacks': false }],
  [{ only: ['a'], 'provider-fallbacks': false }],
])('%j is none', (choice) => {
  expect(check(choice)).not.toThrow();
});
