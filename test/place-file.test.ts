import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { placeFile } from '../src/place-file.ts';
import { tempFolder } from './support/temp-home.ts';

/** The error of a file system that does not support hard links. */
const noLinks = (code: string) => async (): Promise<void> => {
  throw Object.assign(new Error(`${code}: operation not permitted, link`), { code });
};

test.each(['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
  'a file gets its name without hard links (%s)',
  async (code) => {
    const folder = tempFolder();
    const [draft, path] = [join(folder, 'draft'), join(folder, 'report.csv')];
    writeFileSync(draft, 'figures', { mode: 0o600 });
    await placeFile(draft, path, noLinks(code));
    expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777, readdirSync(folder)]).toEqual([
      'figures',
      0o600,
      ['report.csv'],
    ]);
    writeFileSync(draft, 'others');
    await expect(placeFile(draft, path, noLinks(code))).rejects.toMatchObject({ code: 'EEXIST' });
    expect(readFileSync(path, 'utf8')).toBe('figures');
  },
);

test('with hard links too, and nothing is replaced', async () => {
  const folder = tempFolder();
  const [draft, path] = [join(folder, 'draft'), join(folder, 'report.csv')];
  writeFileSync(draft, 'figures');
  await placeFile(draft, path);
  expect(readdirSync(folder)).toEqual(['report.csv']);
  writeFileSync(draft, 'others');
  await expect(placeFile(draft, path)).rejects.toMatchObject({ code: 'EEXIST' });
  // Of two writers at the same time, one gets the name.
  const drafts = ['one', 'two', 'three'].map((name) => join(folder, name));
  for (const one of drafts) writeFileSync(one, one);
  const free = join(folder, 'free');
  const results = await Promise.allSettled(drafts.map((one) => placeFile(one, free, noLinks('EPERM'))));
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('another failure is thrown unchanged', async () => {
  const folder = tempFolder();
  const draft = join(folder, 'draft');
  writeFileSync(draft, '');
  await expect(placeFile(draft, join(folder, 'x'), noLinks('ENOSPC'))).rejects.toMatchObject({ code: 'ENOSPC' });
  expect(readdirSync(folder)).toEqual(['draft']);
});
