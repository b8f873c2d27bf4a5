import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readFailure, unwritableHint, writeFailure } from '../../src/text/file-failure.ts';
import { tempFolder } from '../support/temp-home.ts';

function failureOf(work: () => void): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  throw new Error('nothing failed');
}

const system = (code: string): Error => Object.assign(new Error(`${code}: x`), { code });

test('failures of real files are in words', () => {
  const folder = tempFolder();
  const file = join(folder, 'file');
  writeFileSync(file, '');
  const written = (path: string): string => writeFailure(failureOf(() => writeFileSync(path, 'x')));
  const read = (path: string): string => readFailure(failureOf(() => readFileSync(path)));
  expect(written(join(folder, 'none', 'file'))).toBe('the folder does not exist');
  expect(written(folder)).toBe('it is a folder');
  expect(written(join(file, 'below'))).toBe('a part of the path is not a folder');
  expect(written(join(folder, 'x'.repeat(300)))).toBe('the name is too long');
  expect(read(join(folder, 'none'))).toBe('no such file');
  expect(read(folder)).toBe('it is a folder');
});

test('what has no name keeps the code of the system, or its message', () => {
  expect(writeFailure(system('EXDEV'))).toBe('EXDEV');
  expect(writeFailure(new Error('odd'))).toBe('odd');
  expect(readFailure('text')).toBe('text');
});

test.each([
  ['ENOSPC', 'make room on the disk, then try again'],
  ['EDQUOT', 'make room on the disk, then try again'],
  ['EACCES', 'change its permissions, or use another folder: export ORX_HOME=FOLDER'],
])('after %s, the hint is: %s', (code, hint) => {
  expect(unwritableHint(system(code))).toBe(hint);
});
