import { isAbsolute, join, resolve } from 'node:path';
import envPaths from 'env-paths';
import { usageError } from '../errors.ts';

/** Where orx writes. ORX_HOME moves all of it into one folder; otherwise the platform's usual places. */
export interface Paths {
  /** Settings and key. */
  config: string;
  /** That folder is orx's alone, so orx may change who else sees it. One that ORX_HOME names may be anybody's. */
  ownsConfig: boolean;
  /** What cannot be fetched again: the ledger. */
  data: string;
  /** What can be fetched again. */
  cache: string;
}

/** Throws a usage error when neither ORX_HOME nor the user's home is known: a key must not land in the working folder. */
export function orxPaths(env: Readonly<Record<string, string | undefined>>): Paths {
  const home = env['ORX_HOME'];
  if (home !== undefined && home !== '') {
    const folder = resolve(home);
    return { config: folder, ownsConfig: false, data: join(folder, 'data'), cache: join(folder, 'cache') };
  }
  const { config, data, cache } = envPaths('orx', { suffix: '' });
  if (![config, data, cache].every(isAbsolute)) {
    throw usageError(
      'no folder for settings: HOME is empty',
      'set HOME, or choose a folder for all files of orx: export ORX_HOME=FOLDER',
    );
  }
  return { config, ownsConfig: true, data, cache };
}
