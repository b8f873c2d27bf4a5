import { expect, test } from 'vitest';
import { openTerminal } from './terminal.ts';

test('a program in a shared process gets no keys that were typed for the one before', async () => {
  const first = openTerminal(['config', 'list']);
  first.type('left-behind');
  expect(await first.exit).toBe(0);
  first.type('too-late');
  const second = openTerminal(['auth', 'login', '--paste'], { env: { OPENROUTER_BASE_URL: 'http://127.0.0.1:1/v1' } });
  expect(second.pid).toBe(first.pid);
  await second.until(() => /key.*: $/.test(second.raw()));
  second.type('\r');
  expect(await second.exit).toBe(2);
  expect(second.raw()).toContain('no key given');
});
