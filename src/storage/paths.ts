import { isAbsolute, join, resolve } from 'node:path';
import { usageError } from '../errors.ts';
import { platformFolders } from './platform-folders.ts';

/** The folders that orx writes to. ORX_HOME moves all of them into one folder; the default is the platform's usual places. */
export interface Paths {
  /** Settings and key. */
  config: string;
  /** Only orx uses the config folder, so orx may change its permissions. A folder named by ORX_HOME may be used by others. */
  ownsConfig: boolean;
  /** Data that cannot be fetched again: the ledger. */
  data: string;
  /** Data that can be fetched again. */
  cache: string;
}

/**
 * Returns the folders. Throws a usage error if neither ORX_HOME nor the user's home is known: a key must not be written to the working folder.
 */
export function orxPaths(env: Readonly<Record<string, string | undefined>>): Paths {
  const home = env['ORX_HOME'];
  if (home !== undefined && home !== '') {
    const folder = resolve(home);
    return { config: folder, ownsConfig: false, data: join(folder, 'data'), cache: join(folder, 'cache') };
  }
  const { config, data, cache } = platformFolders('orx', env);
  if (![config, data, cache].every(isAbsolute)) {
    throw usageError(
      'no folder for settings: HOME is empty',
      'set HOME, or choose a folder for all files of orx: export ORX_HOME=FOLDER',
    );
  }
  return { config, ownsConfig: true, data, cache };
}
