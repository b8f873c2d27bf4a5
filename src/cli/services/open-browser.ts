import { spawn } from 'node:child_process';
import { delimiter } from 'node:path';
import { SETTINGS } from '../../core/settings/settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Whether a page that is opened here is seen by the one who sits at the terminal: not over SSH, not without a screen. */
export function hasBrowser(env: Environment, platform: NodeJS.Platform): boolean {
  if ((env['SSH_CONNECTION'] ?? '') !== '') return false;
  if (platform === 'darwin' || platform === 'win32') return true;
  return ['BROWSER', 'DISPLAY', 'WAYLAND_DISPLAY'].some((name) => (env[name] ?? '') !== '');
}

/**
 * Opens a page in the user's browser: BROWSER when it is set (commands divided by `:`, `%s` for the address), else the
 * platform's opener. No shell sees the address, the child gets no API key, and it outlives orx. Resolves to whether a
 * command could be started.
 */
export async function openBrowser(url: string, env: Environment, platform: NodeJS.Platform): Promise<boolean> {
  for (const command of browserCommands(url, env, platform)) {
    if (await start(command, withoutApiKeys(env))) return true;
  }
  return false;
}

/** The commands to try, in order, as words. */
export function browserCommands(url: string, env: Environment, platform: NodeJS.Platform): readonly (readonly string[])[] {
  const chosen = (env['BROWSER'] ?? '').split(delimiter).filter((command) => command.trim() !== '');
  if (chosen.length > 0) {
    return chosen.map((command) => {
      const words = command.trim().split(/\s+/);
      return command.includes('%s') ? words.map((word) => word.replaceAll('%s', () => url)) : [...words, url];
    });
  }
  if (platform === 'darwin') return [['open', url]];
  // `start` belongs to a shell, for which the & of an address ends a command.
  if (platform === 'win32') return [['rundll32', 'url.dll,FileProtocolHandler', url]];
  return [['xdg-open', url]];
}

/** The environment without what holds an API key by its name, orx's own or another tool's. */
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
