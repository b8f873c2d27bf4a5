import { expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import { hideKey } from '../../../src/apis/wire/hide-key.ts';

test.each(['sk-or-v1-0123456789', 'quote"and\\backslash', 'a.gateway+key(of=another'])(
  'the key %s is removed from every fact, and nothing else is',
  (key) => {
    const cause = new Error('cause');
    const error = new OrxError(`bad ${key}.`, {
      kind: 'authentication',
      code: `code ${key}`,
      status: 401,
      provider: key,
      isRetryable: true,
      retryAfterMs: 5,
      requestId: key,
      hints: [`you sent ${key}`, 'second'],
      wire: { message: key, deep: [{ [key]: 1 }] },
      cause,
    });
    const hidden = hideKey(error, key) as OrxError;
    expect(hidden).toBeInstanceOf(OrxError);
    expect(hidden).toMatchObject({
      message: 'bad [the key].',
      kind: 'authentication',
      code: 'code [the key]',
      status: 401,
      provider: '[the key]',
      isRetryable: true,
      retryAfterMs: 5,
      requestId: '[the key]',
      hints: ['you sent [the key]', 'second'],
      wire: { message: '[the key]', deep: [{ '[the key]': 1 }] },
      cause,
    });
  },
);

test('a failure without the key is unchanged', () => {
  const error = new OrxError('no credits', { kind: 'credits' });
  expect(hideKey(error, 'sk-or-v1-0123456789')).toBe(error);
  expect(hideKey(error, undefined)).toBe(error);
  expect(hideKey(error, 'no')).toBe(error);
  const reason = new Error('aborted');
  expect(hideKey(reason, 'aborted-aborted')).toBe(reason);
});
