import { describe, expect, test } from 'vitest';
import { ERROR_CLASSES, errorClass } from '../../../src/core/serve/error-class.ts';
import { type ErrorFacts, type ErrorKind, OrxError } from '../../../src/errors.ts';

const of = (facts: ErrorFacts, wasSent = true) => errorClass(new OrxError('no', facts), wasSent);

describe('the class of a failure', () => {
  test.each<[ErrorFacts, boolean, string]>([
    [{ kind: 'authentication', status: 401 }, false, 'caller.unauthenticated'],
    [{ kind: 'authentication', code: 'no-key' }, false, 'provider.auth'],
    [{ kind: 'authentication', status: 401 }, true, 'provider.auth'],
    [{ kind: 'no-endpoint', status: 404 }, true, 'caller.unknown_model'],
    [{ kind: 'no-endpoint', status: 404, code: 'data_policy' }, true, 'policy.blocked'],
    [{ kind: 'no-endpoint' }, false, 'caller.unknown_model'],
    [{ kind: 'no-endpoint', status: 403 }, false, 'policy.blocked'],
    [{ kind: 'usage', status: 400 }, false, 'caller.invalid_request'],
    [{ kind: 'interrupted', code: 'client-gone' }, true, 'caller.cancelled'],
    [{ kind: 'interrupted' }, true, 'gateway.dropped'],
    [{ kind: 'credits', code: 'budget' }, false, 'policy.budget'],
    [{ kind: 'credits', code: 'budget' }, true, 'policy.budget'],
    [{ kind: 'credits', status: 402 }, true, 'provider.billing'],
    [{ kind: 'rate-limit', status: 429 }, false, 'policy.rate_limit'],
    [{ kind: 'rate-limit', status: 429 }, true, 'provider.rate_limited'],
    [{ kind: 'provider', status: 529 }, true, 'provider.overloaded'],
    [{ kind: 'provider', status: 500, code: 'overloaded_error' }, true, 'provider.overloaded'],
    [{ kind: 'provider', status: 500 }, true, 'provider.server_error'],
    [{ kind: 'network', code: 'first-byte-timeout' }, true, 'provider.timeout'],
    [{ kind: 'network', code: 'stream-cut' }, true, 'provider.connection'],
    [{ kind: 'unexpected' }, true, 'gateway.internal'],
  ])('%j, sent: %s: %s', (facts, wasSent, expected) => {
    expect(of(facts, wasSent)).toBe(expected);
  });

  test('anything but an orx failure, or one of unknown kind, is internal', () => {
    expect(errorClass(new TypeError('x'), true)).toBe('gateway.internal');
    expect(errorClass(undefined, true)).toBe('gateway.internal');
  });

  test('is one of the list for every kind', () => {
    const kinds: ErrorKind[] = ['usage', 'authentication', 'credits', 'rate-limit', 'no-endpoint', 'provider', 'network'];
    for (const kind of [...kinds, 'model-mismatch', 'interrupted', 'unexpected'] as ErrorKind[])
      for (const wasSent of [true, false]) expect(ERROR_CLASSES).toContain(of({ kind }, wasSent));
  });
});
