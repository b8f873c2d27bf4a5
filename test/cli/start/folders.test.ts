import envPaths from 'env-paths';
import { expect, test } from 'vitest';
import { startFolders } from '../../../src/cli/start/folders.ts';
import { orxPaths } from '../../../src/storage/paths.ts';

test.each([{}, { ORX_HOME: '' }, { ORX_HOME: '/somewhere' }, { ORX_HOME: 'relative/folder' }])(
  'are those of orxPaths with %j',
  (env) => {
    const { config, cache } = orxPaths(env);
    expect(startFolders({ ...process.env, ...env })).toEqual({ config, cache });
  },
);

test.runIf(process.platform === 'linux')('follow the variables of XDG, and are none if these are not absolute', () => {
  expect(startFolders({ XDG_CACHE_HOME: '/caches', XDG_CONFIG_HOME: '/config' })).toEqual({
    cache: '/caches/orx',
    config: '/config/orx',
  });
  expect(startFolders({ XDG_CACHE_HOME: 'caches' })).toBeUndefined();
  const { config, cache } = envPaths('orx', { suffix: '' });
  expect(startFolders({})).toEqual({ config, cache });
});
