import { expect, test } from 'vitest';
import { OrxError } from '../../../src/errors.ts';
import { errorText, withoutKeys } from '../../../src/output/text/error.ts';

const secret = 'gateway.key+with$special(characters';

test.each([true, false])('a key in message, hints and causes is masked, verbose %s', (verbose) => {
  const cause = new Error(`header authorization: Bearer ${secret}`);
  const error = new OrxError(`bad key ${secret}`, {
    kind: 'authentication',
    hints: [`you sent ${secret}`],
    requestId: secret,
    cause,
  });
  const text = errorText(error, { verbose, secrets: [secret] });
  expect(text).not.toContain(secret);
  expect(text).toContain('bad key …ters');
});

test('the labels have a style, and what failed wraps below its label', () => {
  const error = new OrxError(`bad key ${secret} of somebody`, { kind: 'authentication', hints: ['make another'] });
  const text = errorText(error, { secrets: [secret], columns: 20, paint: ([meaning], row) => `<${meaning}>${row}` });
  expect(text).toBe('<bad>error: bad key\n  …ters of somebody\n<accent>hint: make another\n');
});

test('also in failures from other code', () => {
  expect(errorText(new TypeError(`Invalid header value ${secret}`), { verbose: true, secrets: [secret] })).not.toContain(secret);
});

test.each([
  ['risk-assessment-model-x is unknown', 'risk-assessment-model-x is unknown'],
  ['the disk-usage-of-everything', 'the disk-usage-of-everything'],
  ['2sk-assessment-model-x', '2sk-assessment-model-x'],
  ['sk-0123456789abcdef', 'sk-…cdef'],
  ['key=sk-or-v1-0123456789abcdef.', 'key=sk-or-v1-…cdef.'],
  ['"sk-proj-0123456789abcdef"', '"sk-…cdef"'],
  ['my_sk-0123456789abcdef', 'my_sk-…cdef'],
  ['line\\nsk-or-v1-0123456789abcdef', 'line\\nsk-or-v1-…cdef'],
  ['sk-short', 'sk-short'],
])('%s', (text, shown) => {
  expect(withoutKeys(text)).toBe(shown);
});

test('a text too short to be a key is not masked', () => {
  expect(withoutKeys('the test is at rest', ['test', ''])).toBe('the test is at rest');
});
