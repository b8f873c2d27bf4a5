import { globSync } from 'tinyglobby';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

test('each name of tests in .ci/run is that of a file or a folder: Vitest ignores others silently', () => {
  const [, command = ''] = /^npm run test:newer-node -- ((?:.*\\\n)*.*)$/m.exec(readFileSync('.ci/run', 'utf8')) ?? [];
  const names = command.split(/[\s\\]+/).filter((word) => word.startsWith('test/'));
  expect(names.length).toBeGreaterThan(5);
  const without = names
    .flatMap(expanded)
    .filter((name) => globSync([`${name}/**/*.test.{ts,tsx}`, `${name}.test.{ts,tsx}`]).length === 0);
  expect(without).toEqual([]);
});

/** Returns what the shell makes of one pair of braces. */
function expanded(name: string): string[] {
  const [, start = '', inner, end = ''] = /^(.*)\{(.*)\}(.*)$/.exec(name) ?? [];
  return inner === undefined ? [name] : inner.split(',').map((part) => start + part + end);
}
