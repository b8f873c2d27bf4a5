import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import { drawing } from '../../output/text/terminal-border.ts';
import { visibleText } from '../../output/text/visible.ts';
import { whenQuiet } from './when-quiet.ts';

interface Terminal {
  input: NodeJS.ReadStream;
  /** Where the question is printed: standard error, because standard output may be a file. */
  output: NodeJS.WriteStream;
  signal: AbortSignal;
}

/** Terminals deliver keys that were typed before the question within this time; these are not an answer. */
const STALE_MS = 100;
const [CTRL_C, CTRL_D, ESC] = ['\u0003', '\u0004', '\u001b'] as const;

/**
 * Asks a question and waits for one of the keys. Ignores case and other keys. Resolves to undefined on Ctrl-C, the end of the input,
 * or the signal, and on Ctrl-D and Esc unless they are among the keys. Ignores keys that were pressed before the question appeared.
 */
export function askKey(question: string, keys: string, terminal: Terminal): Promise<string | undefined> {
  return readKey(question, terminal, (text) => (keys.includes(text) ? text : undefined));
}

/** Like askKey, but every key is an answer. A key without a letter or digit, such as an arrow, is an empty text. */
export function pressKey(question: string, terminal: Terminal): Promise<string | undefined> {
  return readKey(question, terminal, (text) => (/^[\p{L}\p{N}]$/u.test(text) ? text : ''));
}

/** Reads a single key. `answerOf` returns the meaning of a key, or undefined to ignore it and wait for the next one. */
async function readKey(
  question: string,
  { input, output, signal }: Terminal,
  answerOf: (text: string) => string | undefined,
): Promise<string | undefined> {
  const decoder = new StringDecoder('utf8');
  let isAsked = false;
  let onData: ((bytes: Buffer) => void) | undefined;
  let onEnd: (() => void) | undefined;
  input.setRawMode(true);
  try {
    const answer = new Promise<string | undefined>((resolve) => {
      onData = (bytes) => {
        const text = decoder.write(bytes).toLowerCase();
        // Several characters at once were pasted, not pressed, unless they are the sequence of one key.
        const answer = isAsked ? answerOf(text) : undefined;
        const isGivenUp = [CTRL_C, CTRL_D].some((key) => text.includes(key)) || (isAsked && text === ESC);
        if (isGivenUp && (answer === undefined || answer === '')) return resolve(undefined);
        if (answer !== undefined && (text.length === 1 || answer === '')) resolve(answer);
      };
      onEnd = () => resolve(undefined);
      input.on('data', onData).once('end', onEnd);
      signal.addEventListener('abort', onEnd, { once: true });
      input.resume();
      if (signal.aborted) resolve(undefined);
    });
    const stale = new Promise<'asked'>((resolve) => void whenQuiet(STALE_MS, () => resolve('asked')));
    if ((await Promise.race([answer, stale])) === 'asked') {
      output.write(question);
      isAsked = true;
    }
    const key = await answer;
    if (isAsked) output.write(`${key === undefined || key < ' ' ? '' : key}\n`);
    return key;
  } finally {
    if (onData !== undefined) input.off('data', onData);
    if (onEnd !== undefined) {
      input.off('end', onEnd);
      signal.removeEventListener('abort', onEnd);
    }
    input.pause();
    input.setRawMode(false);
  }
}

/** Asks for a line, which may be empty. Resolves to undefined on Ctrl-C, Ctrl-D, the end of the input, or the signal. */
export function askWords(question: string, { input, output, signal }: Terminal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const reader = createInterface({ input, output: drawing(output), signal, prompt: visibleText(question) });
    const settle = (line: string | undefined): void => {
      resolve(line);
      reader.close();
    };
    reader.on('line', settle);
    reader.on('SIGINT', () => settle(undefined));
    reader.on('close', () => resolve(undefined));
    reader.prompt();
  });
}
