import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openProjectFiles } from '../../../src/cli/files/project-files.ts';
import { tempFolder } from '../../support/temp-home.ts';

function folderWith(files: Record<string, string>): string {
  const folder = tempFolder();
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(folder, path, '..'), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
}

describe('files of a project', () => {
  test('omit what ignore files in any folder name, and keep exceptions of an inner one', async () => {
    const folder = folderWith({
      '.git/config': '',
      '.git/info/exclude': 'mine.txt\n',
      '.gitignore': '\ufeff*.log\n/dist/\nbuild\n',
      '.ignore': '!special.log\n',
      'a.ts': '',
      'a.log': '',
      'special.log': '',
      'mine.txt': '',
      'dist/out.js': '',
      'lib/dist/shown.js': '',
      'lib/build/x.js': '',
      'lib/.gitignore': '!b.log\n',
      'lib/b.log': '',
      'node_modules/x/index.js': '',
      '.github/ci.yml': '',
    });
    symlinkSync('/etc', join(folder, 'link'));
    const expected = [
      '.github/',
      '.github/ci.yml',
      '.gitignore',
      '.ignore',
      'a.ts',
      'lib/',
      'lib/.gitignore',
      'lib/b.log',
      'lib/dist/',
      'lib/dist/shown.js',
      'link',
      'special.log',
    ];
    const files = openProjectFiles(folder);
    await expect.poll(() => files.paths(() => undefined).toSorted()).toEqual(expected);
    // The rules of the parent folders apply in a subfolder of the repository.
    const inner = openProjectFiles(join(folder, 'lib'));
    await expect.poll(() => inner.paths(() => undefined).toSorted()).toEqual(['.gitignore', 'b.log', 'dist/', 'dist/shown.js']);
    // A user who works in an ignored folder wants its files.
    const ignored = openProjectFiles(join(folder, 'dist'));
    await expect.poll(() => ignored.paths(() => undefined)).toEqual(['out.js']);
  });

  test('of a large tree never delay a key, and all arrive in the end', async () => {
    const files = Object.fromEntries(Array.from({ length: 6000 }, (_, index) => [`d${index % 100}/f${index}.txt`, '']));
    const project = openProjectFiles(folderWith(files));
    let told = 0;
    // Answers immediately with the paths found so far; the test does not measure how long a slice takes.
    expect(project.paths(() => (told += 1)).length).toBeLessThanOrEqual(6100);
    await expect.poll(() => project.paths(() => undefined).length).toBe(6100);
    expect(told).toBeLessThanOrEqual(1);
  });

  test('of an unreadable folder are none', () => {
    expect(openProjectFiles(join(tempFolder(), 'missing')).paths(() => undefined)).toEqual([]);
  });
});
