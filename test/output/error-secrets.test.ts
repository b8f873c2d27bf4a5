import { expect, test } from 'vitest';
import { OrxError } from '../../src/errors.ts';
import { errorText, withoutKeys } from '../../src/output/error-text.ts';

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

test('so it is in failures that are none of ours', () => {
  expect(errorText(new TypeError(`Invalid header value ${secret}`), { verbose: true, secrets: [secret] })).not.toContain(secret);
});

test('what is too short to be a key does not garble the text', () => {
  expect(withoutKeys('the test is at rest', ['test', ''])).toBe('the test is at rest');
});
