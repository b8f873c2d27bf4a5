import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { projectFolder } from '../../src/storage/project-folder.ts';
import { tempFolder } from '../support/temp-home.ts';

it('is the nearest repository above, otherwise the folder itself', () => {
  const root = tempFolder();
  const inner = join(root, 'work', 'src', 'deep');
  mkdirSync(inner, { recursive: true });
  expect(projectFolder(inner)).toBe(inner);
  mkdirSync(join(root, 'work', '.git'));
  expect(projectFolder(inner)).toBe(join(root, 'work'));
  expect(projectFolder(join(root, 'work'))).toBe(join(root, 'work'));
});
