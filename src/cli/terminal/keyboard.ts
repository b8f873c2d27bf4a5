import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import type { AskedLine } from '../../commands/context/session-services.ts';
import { heldMessage } from '../../core/session/held-keys.ts';
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
  /** Keys that were pressed while there was no line editor; those of one burst arrived at once. */
  let bursts: readonly string[] = [];
  let lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined;
  let hold: { start: () => void; stop: () => void } | undefined;
  const raw = createRawMode(streams.stdin);
  /** The next reader after a message or an answer is one of this keyboard. */
  let isSession = false;
  const ask = (prompt: string, begun: string): Promise<AskedLine | undefined> => {
    // What was typed while the last answer streamed.
    const held = heldMessage(bursts);
    bursts = held.rest;
    if (held.end !== undefined) {
      streams.stdout.write(`${prompt}${held.text}\n`);
      return Promise.resolve(held.end === 'end' ? undefined : held);
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
      let { isPasted } = held;
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
        if (isSession) raw.keep();
        if (answer !== undefined && answer.trim() !== '') history = [answer.replaceAll('\n', ' '), ...history];
        resolve(answer === undefined ? undefined : { text: answer, isPasted: isPasted || lines.length > 1 });
      };
      reader.on('line', (line) => {
        lines.push(line);
        cancel();
        cancel = whenQuiet(PASTE_MS, () => {
          if (reader.line !== '') lines.push(reader.line);
          finish(lines.join('\n'));
        });
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
      raw.take();
      reader.prompt();
      if (begun + held.text !== '') reader.write(begun + held.text);
    });
  };
  return {
    askMessage(prompt, begun) {
      isSession = true;
      return ask(prompt, begun);
    },
    askLine: async (prompt, begun = '') => (await ask(prompt, begun))?.text,
    async holdTyping(work, onStop) {
      const { stdin } = streams;
      if (!stdin.isTTY) return work();
      let lastMs = -Infinity;
      const decoder = new StringDecoder('utf8');
      const onData = (piece: Buffer): void => {
        const text = decoder.write(piece);
        if (text.includes(CTRL_C)) onStop();
        const keys = text.replaceAll(CTRL_C, '');
        const now = performance.now();
        bursts = now - lastMs < PASTE_MS ? [...bursts.slice(0, -1), `${bursts.at(-1) ?? ''}${keys}`] : [...bursts, keys];
        lastMs = now;
      };
      hold = {
        start() {
          raw.take();
          stdin.setRawMode(true).on('data', onData).resume();
        },
        stop: () => void stdin.off('data', onData).pause().setRawMode(false),
      };
      hold.start();
      try {
        return await work();
      } finally {
        hold.stop();
        if (isSession) raw.keep();
        hold = undefined;
      }
    },
    lendTo(other) {
      lend = other;
    },
    async withoutHold(use) {
      if (lend !== undefined) return lend(use);
      raw.take();
      hold?.stop();
      try {
        return await use();
      } finally {
        hold?.start();
      }
    },
  };
}

/**
 * The raw mode of a terminal between two readers of its keys. Outside of raw mode, a terminal takes Ctrl-D for itself, and a program
 * that returns to raw mode gets a zero instead.
 */
function createRawMode(stdin: NodeJS.ReadStream): { keep: () => void; take: () => void } {
  let end: NodeJS.Immediate | undefined;
  return {
    /** Keeps the terminal in raw mode for the next reader. Without one, it soon leaves raw mode. */
    keep() {
      if (!stdin.isTTY) return;
      stdin.setRawMode(true);
      clearImmediate(end);
      end = setImmediate(() => stdin.setRawMode(false));
    },
    /** Call this before another reader sets the mode. */
    take: () => clearImmediate(end),
  };
}
