import { createInterface } from 'node:readline';
import type { AskedLine } from '../../commands/session-services.ts';
import { heldLine } from '../../core/session/held-keys.ts';
import { MOST_TYPED_AT_ONCE } from '../../core/session/typing.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import { whenQuiet } from './when-quiet.ts';

/** Lines that follow each other within this time were pasted, not typed. */
const PASTE_MS = 30;
const HISTORY_LINES = 1000;
const CTRL_C = '\u0003';
const RECALLS = new Set(['up', 'down', 'ctrl-p', 'ctrl-n']);

/** The keyboard of a conversation: a line editor between answers, and a buffer for typing while an answer streams. */
export interface Keyboard {
  /** See Context.askLine. */
  askLine: (prompt: string, begun?: string) => Promise<string | undefined>;
  /** See SessionServices.askMessage. */
  askMessage: (prompt: string, begun: string) => Promise<AskedLine | undefined>;
  /**
   * Runs work while typed text is not echoed but buffered for the next line. Calls `onStop` on Ctrl-C, for which the terminal
   * sends no signal in this state.
   */
  holdTyping: <T>(work: () => Promise<T>, onStop: () => void) => Promise<T>;
  /** Runs a question during such work; text typed meanwhile belongs to the question. */
  withoutHold: <T>(ask: () => Promise<T>) => Promise<T>;
  /** Makes `lend` ask such questions, which gives them the terminal. Undefined ends this. */
  lendTo: (lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined) => void;
}

export function createKeyboard(
  streams: { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream },
  /** Ends a line that is being typed, like Ctrl-D. */
  signal: AbortSignal,
): Keyboard {
  let history: string[] = [];
  let typed = '';
  /** The text in `typed` arrived faster than a user types. */
  let isBurst = false;
  let lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined;
  let hold: { start: () => void; stop: () => void } | undefined;
  const askMessage = (prompt: string, begun: string): Promise<AskedLine | undefined> => {
    // What was typed while the last answer streamed.
    const held = heldLine(typed);
    if (held.end !== undefined) {
      typed = held.rest;
      streams.stdout.write(`${prompt}${held.text}\n`);
      return Promise.resolve(held.end === 'end' ? undefined : { text: held.text, isPasted: isBurst });
    }
    return new Promise((resolve) => {
      const { stdin, stdout } = streams;
      const reader = createInterface({
        input: stdin,
        output: drawing(stdout),
        prompt,
        history,
        historySize: HISTORY_LINES,
        signal,
      });
      const lines: string[] = [];
      let cancel = (): void => undefined;
      let isFinished = false;
      let isPasted = isBurst && held.text !== '';
      const onData = (piece: Buffer | string): void => {
        if (piece.length > MOST_TYPED_AT_ONCE) isPasted = true;
      };
      // A recalled line may have been pasted originally.
      const onKey = (_: unknown, key: { name?: string; ctrl?: boolean } | undefined): void => {
        const { name = '', ctrl = false } = key ?? {};
        if (RECALLS.has(ctrl ? `ctrl-${name}` : name)) isPasted = true;
      };
      stdin.on('data', onData).on('keypress', onKey);
      const finish = (answer: string | undefined): void => {
        if (isFinished) return;
        isFinished = true;
        cancel();
        stdin.off('data', onData).off('keypress', onKey);
        reader.close();
        if (answer !== undefined && answer.trim() !== '') history = [answer.replaceAll('\n', ' '), ...history];
        resolve(answer === undefined ? undefined : { text: answer, isPasted: isPasted || lines.length > 1 });
      };
      reader.on('line', (line) => {
        lines.push(line);
        cancel();
        cancel = whenQuiet(PASTE_MS, () => finish([...lines, ...(reader.line === '' ? [] : [reader.line])].join('\n')));
      });
      reader.on('SIGINT', () => {
        stdout.write('\n');
        if (reader.line === '') return finish(undefined);
        // The first Ctrl-C clears the line, as in a shell.
        reader.write(null, { ctrl: true, name: 'e' });
        reader.write(null, { ctrl: true, name: 'u' });
      });
      reader.on('close', () => {
        if (!isFinished) stdout.write('\n');
        finish(lines.length > 0 ? lines.join('\n') : undefined);
      });
      reader.prompt();
      if (begun + held.text !== '') reader.write(begun + held.text);
      typed = '';
      isBurst = false;
    });
  };
  return {
    askMessage,
    askLine: async (prompt, begun = '') => (await askMessage(prompt, begun))?.text,
    async holdTyping(work, onStop) {
      const { stdin } = streams;
      if (!stdin.isTTY) return work();
      const onData = (piece: Buffer): void => {
        const text = piece.toString();
        if (text.length > MOST_TYPED_AT_ONCE) isBurst = true;
        if (text.includes(CTRL_C)) onStop();
        typed += text.replaceAll(CTRL_C, '');
      };
      hold = {
        start: () => void stdin.setRawMode(true).on('data', onData).resume(),
        stop: () => void stdin.off('data', onData).pause().setRawMode(false),
      };
      hold.start();
      try {
        return await work();
      } finally {
        hold.stop();
        hold = undefined;
      }
    },
    lendTo(other) {
      lend = other;
    },
    async withoutHold(ask) {
      if (lend !== undefined) return lend(ask);
      hold?.stop();
      try {
        return await ask();
      } finally {
        hold?.start();
      }
    },
  };
}
