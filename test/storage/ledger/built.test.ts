import { execFileSync } from 'node:child_process';
import { readdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-home.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

test('the built program finds its compiled library from any folder, also through a link', () => {
  const folder = tempFolder();
  symlinkSync(ROOT, join(folder, 'link'));
  const piece = readdirSync(join(ROOT, 'dist')).find((name) => /^open-ledger-\w+\.js$/.test(name));
  const script = `
    const { openLedger } = await import(${JSON.stringify(pathToFileURL(join(folder, 'link/dist', piece!)).href)});
    const ledger = await openLedger({ folder: '.', name: 'ledger' });
    process.stdout.write(String(ledger.check().entries));`;
  expect(execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: folder, encoding: 'utf8' })).toBe('0');
  expect(readdirSync(folder)).toContain('ledger.db');
});
