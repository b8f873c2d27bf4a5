import { expect, test } from 'vitest';
import { parseSettingKey } from '../../../src/core/settings/key.ts';
import { SETTING_KEYS } from '../../../src/core/settings/settings.ts';

test.each(SETTING_KEYS)('%s is known', (key) => expect(parseSettingKey(key)).toBe(key));

test.each([
  ['modle', 'model'],
  ['max_price', 'max-price'],
  ['MODEL', 'model'],
  ['fallbacks', 'fallback'],
  ['timeout', 'idle-timeout'],
  ['apikey', 'api-key'],
])('%s is an error, and %s suggested', (typed, meant) => {
  expect(() => parseSettingKey(typed)).toThrow(
    expect.objectContaining({ kind: 'usage', hints: [expect.stringContaining(meant), expect.stringContaining('config list')] }),
  );
});

test.each(['', 'x', 'zzzzzzzzzzzz', '__proto__', 'constructor', 'y'.repeat(100_000)])(
  '%.20s is an error without a suggestion',
  (typed) => {
    expect(() => parseSettingKey(typed)).toThrow(
      expect.objectContaining({ kind: 'usage', hints: [expect.stringContaining('config list')] }),
    );
  },
);
