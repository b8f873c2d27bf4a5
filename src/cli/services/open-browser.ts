import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { SETTINGS } from '../../core/settings/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Returns whether the user would see a page that is opened here: not over SSH, and not without a screen. */
export function hasBrowser(env: Environment, platform: NodeJS.Platform): boolean {
  if ((env['SSH_CONNECTION'] ?? '') !== '') return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return ['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (env[name] ?? '') !== '');
}

/**
 * Opens a page in the user's browser: with BROWSER if it is set (commands separated by `:`, `%s` for the URL), else with the
 * platform's opener. Uses no shell, passes no API key to the child, and lets it outlive orx. Resolves to whether a command could
 * be started.
 */
export async function openBrowser(url: string, env: Environment, platform: NodeJS.Platform): Promise<boolean> {
  for (const command of browserCommands(url, env, platform)) {
    if (await start(command, withoutApiKeys(env))) return true;
  }
  return false;
}

/** Returns the commands to try in order, as words. */
export function browserCommands(url: string, env: Environment, platform: NodeJS.Platform): readonly (readonly string[])[] {
  const chosen = (env['BROWSER'] ?? '').split(delimiter).filter((command) => command.trim() !== '');
  if (chosen.length > 0) {
    return chosen.map((command) => {
      const words = command.trim().split(/\s+/);
      return command.includes('%s') ? words.map((word) => word.replaceAll('%s', () => url)) : [...words, url];
    });
  }
  if (platform === 'darwin') return [['open', url]];
  // `start` is a shell command, and for a shell the `&` in a URL ends a command.
  if (platform === 'win32') return [['rundll32', 'url.dll,FileProtocolHandler', url]];
  return [['xdg-open', url]];
}

/** Returns the environment without variables that contain an API key by their name, of orx or of another tool. */
export function withoutApiKeys(env: Environment): Record<string, string> {
  const own: readonly string[] = SETTINGS['api-key'].env ?? [];
  const isKey = (name: string): boolean => own.includes(name) || /^OPENROUTER_.*KEY$|_API_?KEY$/i.test(name);
  return Object.fromEntries(
    Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined && !isKey(entry[0])),
  );
}

function start([command, ...words]: readonly string[], env: Record<string, string>): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command ?? '', words, { env, stdio: 'ignore', detached: true });
    child.once('error', () => resolve(false));
    child.once('spawn', () => {
      child.unref();
      resolve(true);
    });
  });
}
