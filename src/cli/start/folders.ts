import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the folders for settings and caches of `orxPaths`, or undefined if there are none. Loads nothing else, because they are
 * needed before the program is loaded; a test compares the two.
 */
export function startFolders(env: Environment): { config: string; cache: string } | undefined {
  const home = env['ORX_HOME'];
  if (home !== undefined && home !== '') return { config: resolve(home), cache: join(resolve(home), 'cache') };
  const folders = platformFolders(env);
  return isAbsolute(folders.config) && isAbsolute(folders.cache) ? folders : undefined;
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
