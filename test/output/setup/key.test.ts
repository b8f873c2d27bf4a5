import { expect, test } from 'vitest';
import { fieldText, keyFields, keyJson } from '../../../src/output/setup/key.ts';

const key = 'sk-or-v1-0123456789abcdef0123456789abcdef';

test('shows label, usage, limit and the remaining amount', () => {
  const info = { label: 'sk-or-v1-012…def', usage: '12.84', limit: '20', limitRemaining: '7.16', isFreeTier: false, wire: {} };
  expect(fieldText(keyFields(info, [key]))).toBe(
    'label  sk-or-v1-012…def\nused   $12.84\nlimit  $20.00, $7.16 left\ntier   paid\n',
  );
});

test('a key without a limit, with few facts from the API', () => {
  expect(fieldText(keyFields({ wire: {} }, []))).toBe('limit  none\n');
});

test('states when the limit is reset and when the key expires', () => {
  const info = { limit: '20', limitRemaining: '7.16', limitReset: 'monthly', expiresAt: '2027-01-31T23:59:59Z', wire: {} };
  expect(fieldText(keyFields(info, []))).toBe('limit    $20.00, resets monthly, $7.16 left\nexpires  2027-01-31 23:59 UTC\n');
  expect(keyJson(info, [])).toMatchObject({ limit_reset: 'monthly', expires_at: '2027-01-31T23:59:59Z' });
});

test('a time of expiry that is not a time cannot move the cursor', () => {
  expect(fieldText(keyFields({ expiresAt: 'soon\u001b[2J', wire: {} }, []))).not.toContain('\u001b');
});

test('a management key is marked as one', () => {
  expect(fieldText(keyFields({ isManagementKey: true, wire: {} }, []))).toContain('management key');
});

test('as data: exact amounts, null for unknown values, and no wire format', () => {
  const info = { usage: '0.00000012', limit: '20', wire: { secret: key } };
  expect(keyJson(info, [key])).toEqual({
    label: null,
    usage: '0.00000012',
    limit: '20',
    limit_remaining: null,
    limit_reset: null,
    is_free_tier: null,
    is_management_key: null,
    expires_at: null,
  });
});

test.each([key, 'gateway-key-of-another-shape'])('a server that returns %s as its label does not get it shown', (secret) => {
  const info = { label: `my ${secret}`, wire: {} };
  expect(fieldText(keyFields(info, [secret]))).not.toContain(secret);
  expect(JSON.stringify(keyJson(info, [secret]))).not.toContain(secret);
});

test('a label cannot move the cursor or create a line', () => {
  const text = fieldText(keyFields({ label: 'a\u001b[2Jb\nlimit  $1', wire: {} }, []));
  expect(text).not.toContain('\u001b');
  expect(text.split('\n')).toHaveLength(3);
});
