import { readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { isInCi } from '../../is-in-ci.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The line, with the cursor hidden; and what removes both. */
const SHOWN = '\u001b[?25l⠋ starting';
const CLEARED = '\r\u001b[K\u001b[?25h';

/** Flags of `orx chat` with which an answer is drawn, and whether they have a value. With any other flag there is no line. */
const DRAWN_FLAGS: Readonly<Record<string, boolean>> = {
  '-m': true,
  '--model': true,
  '-s': true,
  '--system': true,
  '-f': true,
  '--file': true,
  '-a': true,
  '--attach': true,
  '--temperature': true,
  '--max-tokens': true,
  '-c': false,
  '-q': false,
  '--quiet': false,
  '-n': false,
  '--sandbox': false,
};
/** Signals that end or stop a process which does not handle them. */
const SIGNALS = ['SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGTSTP'] as const;
const FEWEST_COLUMNS = 20;

/** Returns whether the arguments are a prompt that `orx chat` answers on the terminal. Recognizes common command lines only. */
export function isDrawnChat(args: readonly string[]): boolean {
  // A prompt without a command is certain if it cannot be the name of one.
  const rest = args[0] === 'chat' ? args.slice(1) : /\s/.test(args[0] ?? '') ? args : [];
  let words = 0;
  for (let at = 0; at < rest.length; at += 1) {
    const word = rest[at]!;
    if (!word.startsWith('-')) words += 1;
    else {
      const takesValue = DRAWN_FLAGS[word];
      if (takesValue === undefined) return false;
      if (takesValue) at += 1;
    }
  }
  return words > 0;
}

/**
 * Shows a line on the terminal before the program is loaded, if these arguments are a prompt whose answer is drawn. The first
 * output of the process replaces it, and every way to end removes it.
 */
export function showWaitingLine(args: readonly string[], env: Environment, configFolder: string | undefined): void {
  if (!isDrawnChat(args) || !mayDraw(env, configFolder)) return;
  const { stdout } = process;
  if (!stdout.isTTY || stdout.rows <= 1 || stdout.columns < FEWEST_COLUMNS) return;
  let isShown = true;
  const clear = (): void => {
    if (!isShown) return;
    isShown = false;
    process.off('exit', clear);
    for (const signal of SIGNALS) process.off(signal, onSignal);
    writeToTerminal(CLEARED);
  };
  const onSignal = (signal: (typeof SIGNALS)[number]): void => {
    const isOnlyListener = process.listenerCount(signal) === 1;
    clear();
    // Without a listener the signal does what it does by default.
    if (isOnlyListener) process.kill(process.pid, signal);
  };
  // Before the line, so that no signal can come between them.
  for (const signal of SIGNALS) process.on(signal, onSignal);
  process.on('exit', clear);
  writeToTerminal(SHOWN);
  for (const stream of [stdout, process.stderr]) {
    const { write } = stream;
    // Others may have kept this function, so it stays, and only calls the original one.
    stream.write = ((...given: unknown[]) => {
      clear();
      return Reflect.apply(write, stream, given) as boolean;
    }) as typeof write;
  }
}

function writeToTerminal(text: string): void {
  try {
    writeSync(1, text);
  } catch {
    // The terminal is gone.
  }
}

/** Returns false where orx prints plain lines: see isDrawable. */
function mayDraw(env: Environment, configFolder: string | undefined): boolean {
  if (env['TERM'] === 'dumb' || isInCi(env) || env['INK_SCREEN_READER'] !== undefined) return false;
  if (process.platform !== 'win32' && !env['TERM']) return false;
  try {
    return configFolder === undefined || !readFileSync(join(configFolder, 'config.json'), 'utf8').includes('screen-reader');
  } catch {
    return true;
  }
}
