import { spawn } from 'node:child_process';
import { withoutApiKeys } from './open-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** More than this terminals do not take. */
const LONGEST_FOR_TERMINAL = 74_000;

/**
 * Puts text on the clipboard: with the platform's own program, else through the terminal (OSC 52), which also works over SSH but tells
 * nobody whether it obeyed. Returns by what, or why not, as a sentence's end.
 */
export async function copyText(
  text: string,
  { env, platform, stdout }: { env: Environment; platform: NodeJS.Platform; stdout: NodeJS.WriteStream },
): Promise<string> {
  for (const [program, ...words] of copyCommands(env, platform)) {
    if (await pipeInto(program!, words, text, env)) return `copied with ${program}`;
  }
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > LONGEST_FOR_TERMINAL)
    return 'not copied: too long for the terminal, and there is no wl-copy, xclip or xsel';
  stdout.write(`\u001b]52;c;${encoded}\u0007`);
  return 'handed to the terminal, which copies it if it may';
}

/** Over SSH the clipboard of the other machine is nobody's. */
function copyCommands(env: Environment, platform: NodeJS.Platform): readonly (readonly string[])[] {
  if (has(env, 'SSH_CONNECTION')) return [];
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip']];
  return [
    ...(has(env, 'WAYLAND_DISPLAY') ? [['wl-copy']] : []),
    ...(has(env, 'DISPLAY')
      ? [
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ]
      : []),
    ...(has(env, 'WSL_DISTRO_NAME') ? [['clip.exe']] : []),
  ];
}

function has(env: Environment, name: string): boolean {
  return (env[name] ?? '') !== '';
}

function pipeInto(program: string, words: readonly string[], text: string, env: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ['pipe', 'ignore', 'ignore'], env: withoutApiKeys(env) });
    child.once('error', () => resolve(false));
    child.once('exit', (code) => resolve(code === 0));
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}
