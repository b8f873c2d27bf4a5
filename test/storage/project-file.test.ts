import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { isNewProjectFile } from '../../src/storage/noted-project-files.ts';
import { findProjectFile } from '../../src/storage/project-file.ts';
import { tempFolder } from '../support/temp-home.ts';

const owners = [process.getuid?.() ?? 0];
const NOWHERE = { home: undefined, owners };

/** Makes `a/b/c` in a new folder, and returns its path. */
function makeTree(): string {
  const root = tempFolder();
  mkdirSync(join(root, 'a', 'b', 'c'), { recursive: true });
  return root;
}

describe('the search', () => {
  test('finds the nearest file, in the folder itself or above it', () => {
    const root = makeTree();
    writeFileSync(join(root, '.orx.json'), 'root');
    const found = { path: join(root, '.orx.json'), text: 'root' };
    expect(findProjectFile(join(root, 'a', 'b', 'c'), NOWHERE)).toEqual(found);
    expect(findProjectFile(root, NOWHERE)).toEqual(found);
    writeFileSync(join(root, 'a', 'b', '.orx.json'), '\ufeffnear');
    expect(findProjectFile(join(root, 'a', 'b', 'c'), NOWHERE)).toEqual({
      path: join(root, 'a', 'b', '.orx.json'),
      text: 'near',
    });
  });

  test('ends in the home folder, also if a link leads to it', () => {
    const root = makeTree();
    writeFileSync(join(root, '.orx.json'), 'root');
    const home = join(root, 'a');
    symlinkSync(home, join(root, 'home'));
    expect(findProjectFile(join(home, 'b', 'c'), { home, owners })).toBeUndefined();
    expect(findProjectFile(join(home, 'b'), { home: join(root, 'home'), owners })).toBeUndefined();
    expect(findProjectFile(join(home, 'b'), { home: join(root, 'gone'), owners })).toMatchObject({ text: 'root' });
    writeFileSync(join(home, '.orx.json'), 'home');
    expect(findProjectFile(join(home, 'b', 'c'), { home, owners })).toMatchObject({ text: 'home' });
  });

  test('does not leave the file system', ({ skip }) => {
    const one = tempFolder();
    const elsewhere = ['/var/tmp', '/tmp'].find((place) => existsSync(place) && statSync(place).dev !== statSync(one).dev);
    if (elsewhere === undefined) return skip('there is only one file system');
    const other = mkdtempSync(join(elsewhere, 'orx-test-'));
    onTestFinished(() => rmSync(other, { recursive: true }));
    writeFileSync(join(one, '.orx.json'), 'outside');
    symlinkSync(other, join(one, 'mounted'));
    expect(findProjectFile(join(one, 'mounted'), NOWHERE)).toBeUndefined();
  });

  test('a folder that does not exist has none', () => {
    expect(findProjectFile(join(tempFolder(), 'gone'), NOWHERE)).toBeUndefined();
  });
});

describe('does not read', () => {
  test.each<[string, (path: string) => void, string]>([
    ['a link', (path) => symlinkSync('/etc/hostname', path), 'it is a symbolic link'],
    ['a link to nothing', (path) => symlinkSync('gone', path), 'it is a symbolic link'],
    ['a folder', (path) => mkdirSync(path), 'it is not a file'],
    ['a pipe without a writer', (path) => execFileSync('sh', ['-c', 'mkfifo "$1"', 'sh', path]), 'it is not a file'],
    ['a device', (path) => symlinkSync('/dev/zero', path), 'it is a symbolic link'],
    ['a large file', (path) => writeFileSync(path, 'x'.repeat(64 * 1024 + 1)), 'it is larger than 64 KB'],
    ['bytes that are not text', (path) => writeFileSync(path, Buffer.from([0x7b, 0xff, 0x7d])), 'it is not UTF-8 text'],
  ])('%s', (_, make, why) => {
    const folder = tempFolder();
    const path = join(folder, '.orx.json');
    make(path);
    expect(findProjectFile(folder, NOWHERE)).toEqual({ path, why });
  });

  test('a file of another user, or one above it', () => {
    const folder = makeTree();
    const path = join(folder, 'a', '.orx.json');
    writeFileSync(path, '{}');
    writeFileSync(join(folder, '.orx.json'), '{}');
    const others = { home: undefined, owners: [owners[0]! + 1] };
    expect(findProjectFile(join(folder, 'a', 'b'), others)).toEqual({ path, why: 'it belongs to another user' });
    expect(findProjectFile(folder, { home: undefined, owners: undefined })).toMatchObject({ text: '{}' });
  });

  test.skipIf(owners[0] === 0)('an unreadable file', () => {
    const folder = tempFolder();
    writeFileSync(join(folder, '.orx.json'), '{}');
    chmodSync(join(folder, '.orx.json'), 0);
    expect(findProjectFile(folder, NOWHERE)).toMatchObject({ why: 'it cannot be read (permission denied)' });
  });
});

test('a text is new once for each file', async () => {
  const folder = join(tempFolder(), 'data');
  const file = { path: '/p/.orx.json', text: '{}' };
  expect([await isNewProjectFile(folder, file), await isNewProjectFile(folder, file)]).toEqual([true, false]);
  expect(await isNewProjectFile(folder, { ...file, text: '{ }' })).toBe(true);
  expect(await isNewProjectFile(folder, { ...file, path: '/q/.orx.json' })).toBe(true);
  expect(Object.keys(JSON.parse(readFileSync(join(folder, 'project-files.json'), 'utf8')))).toEqual([
    '/p/.orx.json',
    '/q/.orx.json',
  ]);
});
