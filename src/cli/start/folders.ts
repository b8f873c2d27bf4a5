import { isAbsolute, join, resolve } from 'node:path';
import { platformFolders } from '../../storage/platform-folders.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The folders that orx needs before the program is loaded. */
export interface StartFolders {
  /** Settings, as in `orxPaths`. */
  config: string;
  /** Caches, as in `orxPaths`. */
  cache: string;
  /** Compiled code: the folder named by ORX_CODE_CACHE, or one in `cache`. */
  code: string;
}

/** Returns the folders, or undefined if there are none. Loads nothing else; a test compares them with `orxPaths`. */
export function startFolders(env: Environment): StartFolders | undefined {
  const { config, cache } = mainFolders(env);
  if (!isAbsolute(config) || !isAbsolute(cache)) return undefined;
  return { config, cache, code: env['ORX_CODE_CACHE'] ? resolve(env['ORX_CODE_CACHE']) : join(cache, 'code') };
}

function mainFolders(env: Environment): { config: string; cache: string } {
  const home = env['ORX_HOME'];
  if (home !== undefined && home !== '') return { config: resolve(home), cache: join(resolve(home), 'cache') };
  return platformFolders('orx', env);
}
