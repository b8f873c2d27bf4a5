import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

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
  const folders = mainFolders(env);
  if (!isAbsolute(folders.config) || !isAbsolute(folders.cache)) return undefined;
  return { ...folders, code: env['ORX_CODE_CACHE'] ? resolve(env['ORX_CODE_CACHE']) : join(folders.cache, 'code') };
}

function mainFolders(env: Environment): { config: string; cache: string } {
  const home = env['ORX_HOME'];
  if (home !== undefined && home !== '') return { config: resolve(home), cache: join(resolve(home), 'cache') };
  return platformFolders(env);
}

function platformFolders(env: Environment): { config: string; cache: string } {
  if (process.platform === 'darwin') {
    const library = join(homedir(), 'Library');
    return { config: join(library, 'Preferences', 'orx'), cache: join(library, 'Caches', 'orx') };
  }
  if (process.platform === 'win32') {
    const data = join(homedir(), 'AppData');
    return {
      config: join(env['APPDATA'] || join(data, 'Roaming'), 'orx', 'Config'),
      cache: join(env['LOCALAPPDATA'] || join(data, 'Local'), 'orx', 'Cache'),
    };
  }
  return {
    config: join(env['XDG_CONFIG_HOME'] || join(homedir(), '.config'), 'orx'),
    cache: join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'orx'),
  };
}
