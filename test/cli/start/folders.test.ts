import envPaths from 'env-paths';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { startFolders } from '../../../src/cli/start/folders.ts';
import { orxPaths } from '../../../src/storage/paths.ts';

test.each([{}, { ORX_HOME: '' }, { ORX_HOME: '/somewhere' }, { ORX_HOME: 'relative/folder' }])(
  'are those of orxPaths with %j',
  (env) => {
    const { config, cache } = orxPaths(env);
    expect(startFolders({ ...process.env, ORX_CODE_CACHE: '', ...env })).toEqual({ config, cache, code: join(cache, 'code') });
  },
);

test.runIf(process.platform === 'linux')('follow the variables of XDG, and are none if these are not absolute', () => {
  expect(startFolders({ XDG_CACHE_HOME: '/caches', XDG_CONFIG_HOME: '/config' })).toEqual({
    cache: '/caches/orx',
    code: '/caches/orx/code',
    config: '/config/orx',
  });
  expect(startFolders({ XDG_CACHE_HOME: 'caches' })).toBeUndefined();
  const { config, cache } = envPaths('orx', { suffix: '' });
  expect(startFolders({})).toEqual({ config, cache, code: join(cache, 'code') });
});

test('ORX_CODE_CACHE names the folder of compiled code', () => {
  const env = { ORX_HOME: '/home/orx' };
  expect(startFolders({ ...env, ORX_CODE_CACHE: '/opt/code' })).toMatchObject({ cache: '/home/orx/cache', code: '/opt/code' });
  expect(startFolders({ ...env, ORX_CODE_CACHE: 'code' })?.code).toBe(resolve('code'));
  expect(startFolders({ ...env, ORX_CODE_CACHE: '' })?.code).toBe('/home/orx/cache/code');
});
