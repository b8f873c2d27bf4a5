import { expect, test } from 'vitest';
import { joinReasons, modelFailures, routingReason } from '../../src/core/fallback-reason.ts';
import { OrxError } from '../../src/errors.ts';

const failed = (facts: Partial<OrxError> & { kind: OrxError['kind'] }): OrxError =>
  new OrxError('the prompt "secret" is bad', facts);

test('failed models, with kind and status or code, and no text of the server', () => {
  expect(
    modelFailures([
      { model: 'a/one', error: failed({ kind: 'rate-limit', status: 429, code: 'rate_limit_exceeded' }) },
      { model: 'a/two', error: failed({ kind: 'network', code: 'refused' }) },
      { model: 'a/three', error: failed({ kind: 'provider', code: 'the prompt "secret" is bad' }) },
      { model: 'a/four', error: new Error('secret') },
    ]),
  ).toBe('a/one: rate-limit 429; a/two: network refused; a/three: provider; a/four: unexpected');
  expect(modelFailures([])).toBeUndefined();
  const many = Array.from({ length: 9 }, (_, index) => ({ model: `${index}`.repeat(99), error: failed({ kind: 'network' }) }));
  expect(modelFailures(many)!.length).toBeLessThan(500);
});

test('failed attempts of a router, otherwise its strategy', () => {
  const attempts = [
    { provider: 'Slow', status: 429 },
    { provider: 'Down', model: 'a/one', status: 503 },
    { provider: 'Fast', status: 200 },
    { provider: 'Unknown' },
  ];
  expect(routingReason({ attempts, strategy: 'fallback' })).toBe('Slow 429, Down 503');
  expect(routingReason({ attempts: attempts.slice(2), strategy: 'direct' })).toBeUndefined();
  expect(routingReason({ attempts: [], strategy: 'latest' })).toBe('routing strategy latest');
  expect(routingReason({ attempts: [], strategy: 'because "secret"' })).toBeUndefined();
  expect(routingReason(undefined)).toBeUndefined();
});

test('reasons are joined, if there are any', () => {
  expect(joinReasons('one', undefined, 'two')).toBe('one; two');
  expect(joinReasons(undefined)).toBeUndefined();
});
