import { StringDecoder } from 'node:string_decoder';
import { EMPTY_INPUT, reduceHiddenInput } from '../../core/setup/hidden-input.ts';
import { OrxError } from '../../errors.ts';
import { drawing } from '../../output/text/terminal-border.ts';

const BRACKETED_PASTE_ON = '\u001b[?2004h';
const BRACKETED_PASTE_OFF = '\u001b[?2004l';

/**
 * Asks on a terminal and reads one line without echo. Always restores the terminal. Rejects with OrxError of kind `interrupted`
 * on Ctrl-C, and with the signal's reason.
 */
export async function promptSecret(
  question: string,
  terminal: { input: NodeJS.ReadStream; output: NodeJS.WriteStream; signal: AbortSignal },
): Promise<string> {
  const { input, output, signal } = terminal;
  signal.throwIfAborted();
  let onData: ((bytes: Buffer) => void) | undefined;
  let onEnd: (() => void) | undefined;
  let onAbort: (() => void) | undefined;
  input.setRawMode(true);
  drawing(output).write(BRACKETED_PASTE_ON);
  output.write(question);
  try {
    return await new Promise<string>((resolve, reject) => {
      const decoder = new StringDecoder('utf8');
      let typed = EMPTY_INPUT;
      onData = (bytes) => {
        typed = reduceHiddenInput(typed, decoder.write(bytes));
        if (typed.state === 'entered') resolve(typed.text);
        if (typed.state === 'interrupted') reject(stopped());
      };
      onEnd = () => reject(stopped());
      onAbort = () => reject(signal.reason as Error);
      input.on('data', onData);
      input.once('end', onEnd);
      signal.addEventListener('abort', onAbort, { once: true });
      // A stream that was paused after an earlier question does not resume by itself.
      input.resume();
    });
  } finally {
    if (onData !== undefined) input.off('data', onData);
    if (onEnd !== undefined) input.off('end', onEnd);
    if (onAbort !== undefined) signal.removeEventListener('abort', onAbort);
    input.pause();
    input.setRawMode(false);
    drawing(output).write(`${BRACKETED_PASTE_OFF}\n`);
  }
}

function stopped(): OrxError {
  return new OrxError('stopped', { kind: 'interrupted', code: 'SIGINT' });
}
