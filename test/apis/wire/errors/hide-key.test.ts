import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { OrxError } from '../../../../src/errors.ts';
import { hideKey, hideSecrets } from '../../../../src/apis/wire/errors/hide-key.ts';

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
      more: { lines: [key], json: { removed: [key] } },
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
      more: { lines: ['[the key]'], json: { removed: ['[the key]'] } },
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

describe('the value of a header', () => {
  const hidden = (what: string, headers: Record<string, string>): string => {
    const error = hideSecrets(new OrxError(what, { kind: 'provider', wire: { message: what } }), { headers }) as OrxError;
    expect(error.wire).toEqual({ message: error.message });
    return error.message;
  };

  test.each([
    ['x-team: 1', 'x-team: [a header]'],
    ['bad header X-Team="1"', 'bad header X-Team="[a header]"'],
    ['the header "X-Team" was `1`, status 1', 'the header "X-Team" was `[a header]`, status 1'],
    ['HTTP_X_TEAM=1 1 11', 'HTTP_X_TEAM=[a header] 1 11'],
    ['echo {"x-team":["1"],"n":1}', 'echo {"x-team":["[a header]"],"n":1}'],
    [String.raw`echo "{\"X-Team\":\"1\"}"`, String.raw`echo "{\"X-Team\":\"[a header]\"}"`],
    ['"1" is not a valid value for X-Team', '"[a header]" is not a valid value for X-Team'],
  ])('that is short is hidden where it stands as one: %s', (what, expected) => {
    expect(hidden(what, { 'x-team': '1' })).toBe(expected);
  });

  test.each(['try again in 1 second', 'x-team 11', 'x-teams: 1', 'a-x-team: 1', 'max-x-team: 1', 'x-team-id: 1'])(
    'that is short stays part of other text: %s',
    (what) => {
      expect(hidden(what, { 'x-team': '1' })).toBe(what);
    },
  );

  test('may have any characters', () => {
    const printable = fc.string({ unit: fc.constantFrom(...'ab1"\\\'$.*+?^(){}[]|/-: '), minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        printable.map((text) => text.trim()).filter((text) => text !== ''),
        (value) => {
          expect(hidden(`rejected x-team: ${value}`, { 'x-team': value })).toBe('rejected x-team: [a header]');
        },
      ),
    );
  });

  test('that is long is hidden everywhere', () => {
    expect(hidden('no such tenant: tenant-42-secret', { 'x-team': 'tenant-42-secret' })).toBe('no such tenant: [a header]');
  });
});
