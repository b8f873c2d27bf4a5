import { spawn } from 'node:child_process';
import { OrxError } from '../../errors.ts';
import { clipboardCode } from '../../output/text/clipboard-code.ts';
import { writeCode } from '../../output/text/terminal-border.ts';
import { withoutApiKeys } from '../services/open-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** See PromptServices.copyText. Uses a clipboard program of the desktop, else the terminal itself, which also works over SSH. */
export async function copyText(text: string, env: Environment, stderr: NodeJS.WriteStream): Promise<string> {
  for (const command of clipboardCommands(env, process.platform)) {
    if (await feed(command, text, env)) return command[0]!;
  }
  const isTerminal = stderr.isTTY && env['TERM'] !== 'dumb';
  const code = isTerminal ? clipboardCode(text, env) : undefined;
  if (code !== undefined) {
    writeCode(stderr, code);
    return 'the terminal';
  }
  throw new OrxError(isTerminal ? 'the response is too long for the clipboard of the terminal' : 'no clipboard program found', {
    kind: 'usage',
    code: 'no-clipboard',
    hints: ['install a clipboard program: wl-copy, xclip or xsel'],
  });
}

/** Returns programs that read the text from standard input, in the order in which to try them. */
export function clipboardCommands(env: Environment, platform: NodeJS.Platform): readonly (readonly string[])[] {
  // tmux forwards the text to its terminal, independent of what it allows the programs inside.
  const tmux = (env['TMUX'] ?? '') === '' ? [] : [['tmux', 'load-buffer', '-w', '-']];
  // Over SSH, these would write to the clipboard of the remote machine.
  if ((env['SSH_CONNECTION'] ?? '') !== '') return tmux;
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip']];
  const wayland = (env['WAYLAND_DISPLAY'] ?? '') === '' ? [] : [['wl-copy']];
  const x11 =
    (env['DISPLAY'] ?? '') === ''
      ? []
      : [
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ];
  return [...wayland, ...x11, ...tmux];
}

function feed([command, ...words]: readonly string[], text: string, env: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command!, words, { env: withoutApiKeys(env), stdio: ['pipe', 'ignore', 'ignore'] });
    child.once('error', () => resolve(false));
    // xclip keeps running to serve the clipboard, so do not wait for its streams. It reads nothing after its exit event.
    child.once('exit', (code) => setImmediate(() => end(code === 0 && child.stdin.writableFinished)));
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);

    function end(isCopied: boolean): void {
      // A background process may keep stdin open, and orx would wait for it.
      child.stdin.destroy();
      resolve(isCopied);
    }
  });
}
