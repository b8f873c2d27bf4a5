import { join } from 'node:path';
import { expect, test } from 'vitest';
import { orxPaths } from '../../src/storage/paths.ts';

test('ORX_HOME moves every file', () => {
  expect(orxPaths({ ORX_HOME: '/somewhere' })).toEqual({
    config: '/somewhere',
    ownsConfig: false,
    data: join('/somewhere', 'data'),
    cache: join('/somewhere', 'cache'),
  });
});

test('a relative ORX_HOME is resolved once against the working folder, not wherever a file is opened', () => {
  expect(orxPaths({ ORX_HOME: 'here' }).config).toBe(join(process.cwd(), 'here'));
});

test('an empty ORX_HOME counts as unset', () => {
  const paths = orxPaths({ ORX_HOME: '' });
  expect(paths).toEqual(orxPaths({}));
  expect(paths.config).toMatch(/orx/);
  expect(paths.ownsConfig).toBe(true);
});
