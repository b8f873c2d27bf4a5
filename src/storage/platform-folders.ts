import { homedir, platform } from 'node:os';
import { join } from 'node:path';

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns the platform's usual folders for a program: Apple's, Windows' known folders, and those of the XDG specification everywhere else. */
export function platformFolders(name: string, env: Environment): { config: string; data: string; cache: string } {
  const [home, system] = [homedir(), platform()];
  if (system === 'darwin') {
    const library = join(home, 'Library');
    return {
      config: join(library, 'Preferences', name),
      data: join(library, 'Application Support', name),
      cache: join(library, 'Caches', name),
    };
  }
  if (system === 'win32') {
    const local = env['LOCALAPPDATA'] || join(home, 'AppData', 'Local');
    return {
      config: join(env['APPDATA'] || join(home, 'AppData', 'Roaming'), name, 'Config'),
      data: join(local, name, 'Data'),
      cache: join(local, name, 'Cache'),
    };
  }
  return {
    config: join(env['XDG_CONFIG_HOME'] || join(home, '.config'), name),
    data: join(env['XDG_DATA_HOME'] || join(home, '.local', 'share'), name),
    cache: join(env['XDG_CACHE_HOME'] || join(home, '.cache'), name),
  };
}
