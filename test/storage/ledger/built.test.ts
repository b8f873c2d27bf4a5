import { execFileSync } from 'node:child_process';
import { existsSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-home.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('the built program finds its compiled library from any folder, also through a link', () => {
  const folder = tempFolder();
  symlinkSync(ROOT, join(folder, 'link'));
  const run = (...args: string[]): string =>
    execFileSync(process.execPath, [join(folder, 'link/bin/orx.js'), ...args], {
      cwd: folder,
      encoding: 'utf8',
      env: { HOME: folder, ORX_HOME: folder },
    });
  run('budget', 'add', '--day', '5');
  expect(JSON.parse(run('budget', '--json'))).toMatchObject([{ period: 'day', limit: '5' }]);
  expect(existsSync(join(folder, 'data', 'ledger.db'))).toBe(true);
});
