import { expect, test } from 'vitest';
import { fieldText, keyFields, keyJson } from '../../../src/output/setup/key.ts';

const key = 'sk-or-v1-0123456789abcdef0123456789abcdef';

test('says label, usage, limit and what is left of it', () => {
  const info = { label: 'sk-or-v1-012…def', usage: '12.84', limit: '20', limitRemaining: '7.16', isFreeTier: false, wire: {} };
  expect(fieldText(keyFields(info, [key]))).toBe(
    'label  sk-or-v1-012…def\nused   $12.84\nlimit  $20.00, $7.16 left\ntier   paid\n',
  );
});

test('a key without a limit, about which the API says little', () => {
  expect(fieldText(keyFields({ wire: {} }, []))).toBe('limit  none\n');
});

test('a management key is said to be one', () => {
  expect(fieldText(keyFields({ isManagementKey: true, wire: {} }, []))).toContain('management key');
});

test('as data: exact money, null where nothing is known, and not a word of the wire', () => {
  const info = { usage: '0.00000012', limit: '20', wire: { secret: key } };
  expect(keyJson(info, [key])).toEqual({
    label: null,
    usage: '0.00000012',
    limit: '20',
    limit_remaining: null,
    is_free_tier: null,
    is_management_key: null,
  });
});

test.each([key, 'gateway-key-of-another-shape'])('a server that gives %s back as its label does not get it shown', (secret) => {
  const info = { label: `my ${secret}`, wire: {} };
  expect(fieldText(keyFields(info, [secret]))).not.toContain(secret);
  expect(JSON.stringify(keyJson(info, [secret]))).not.toContain(secret);
});

test('a label cannot move the cursor or make a line of its own', () => {
  const text = fieldText(keyFields({ label: 'a\u001b[2Jb\nlimit  $1', wire: {} }, []));
  expect(text).not.toContain('\u001b');
  expect(text.split('\n')).toHaveLength(3);
});
