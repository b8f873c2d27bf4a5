import { spawn } from 'node:child_process';
import { OrxError } from '../../errors.ts';
import { withoutApiKeys } from '../open-browser.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Terminals drop longer ones, without a word. */
const LONGEST_FOR_TERMINAL = 100_000;

/** See PromptDesk.copyText: a program of the desktop where there is one, else the terminal itself, which also works over SSH. */
export async function copyText(text: string, env: Environment, stderr: NodeJS.WriteStream): Promise<string> {
  for (const command of clipboardCommands(env, process.platform)) {
    if (await feed(command, text, env)) return command[0]!;
  }
  const encoded = Buffer.from(text).toString('base64');
  if (stderr.isTTY && env['TERM'] !== 'dumb' && encoded.length <= LONGEST_FOR_TERMINAL) {
    stderr.write(`\u001b]52;c;${encoded}\u0007`);
    return 'the terminal';
  }
  throw new OrxError('the clipboard cannot be reached', {
    kind: 'usage',
    code: 'no-clipboard',
    hints: ['install wl-copy, xclip or xsel, or pipe the answer to the program that copies here'],
  });
}

/** Programs that take a text on their standard input, in the order in which they are tried. */
export function clipboardCommands(env: Environment, platform: NodeJS.Platform): readonly (readonly string[])[] {
  if (platform === 'darwin') return [['pbcopy']];
  if (platform === 'win32') return [['clip']];
  // Over SSH these would reach the clipboard of the other machine.
  if ((env['SSH_CONNECTION'] ?? '') !== '') return [];
  const wayland = (env['WAYLAND_DISPLAY'] ?? '') === '' ? [] : [['wl-copy']];
  const x11 =
    (env['DISPLAY'] ?? '') === ''
      ? []
      : [
          ['xclip', '-selection', 'clipboard'],
          ['xsel', '--clipboard', '--input'],
        ];
  return [...wayland, ...x11];
}

function feed([command, ...words]: readonly string[], text: string, env: Environment): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn(command!, words, { env: withoutApiKeys(env), stdio: ['pipe', 'ignore', 'ignore'] });
    child.once('error', () => resolve(false));
    // xclip stays behind to serve the clipboard: its streams are not waited for.
    child.once('exit', (code) => resolve(code === 0));
    child.stdin.on('error', () => undefined);
    child.stdin.end(text);
  });
}
