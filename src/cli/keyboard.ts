import { createInterface } from 'node:readline';
import { drawing } from '../output/terminal-border.ts';

/** Lines that come within this time of each other were pasted, not typed. */
const PASTE_MS = 30;
const HISTORY_LINES = 1000;
const CTRL_C = '\u0003';

/** The keyboard of a conversation: a line editor between answers, and while one streams a place where typing waits. */
export interface Keyboard {
  /** See Context.askLine. */
  askLine: (prompt: string, begun?: string) => Promise<string | undefined>;
  /**
   * Runs work while what is typed is neither echoed into the picture nor lost: it stands in the next line. Ctrl-C calls `onStop`,
   * because in this state the terminal sends no signal for it.
   */
  holdTyping: <T>(work: () => Promise<T>, onStop: () => void) => Promise<T>;
  /** Runs a question in the middle of such work: what is typed meanwhile belongs to it. */
  withoutHold: <T>(ask: () => Promise<T>) => Promise<T>;
  /** From now on such questions are asked by `lend`, which gives them the terminal. Undefined: no longer. */
  lendTo: (lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined) => void;
}

export function createKeyboard(streams: { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream }): Keyboard {
  let history: string[] = [];
  let typed = '';
  let lend: (<T>(ask: () => Promise<T>) => Promise<T>) | undefined;
  let hold: { start: () => void; stop: () => void } | undefined;
  return {
    askLine(prompt, begun = '') {
      const end = typed.search(/[\r\n]/);
      if (end !== -1) {
        // Sent while the last answer streamed.
        const line = typed.slice(0, end);
        typed = typed.slice(end + 1);
        streams.stdout.write(`${prompt}${line}\n`);
        return Promise.resolve(line);
      }
      return new Promise((resolve) => {
        const { stdin, stdout } = streams;
        const reader = createInterface({ input: stdin, output: drawing(stdout), prompt, history, historySize: HISTORY_LINES });
        const lines: string[] = [];
        let timer: ReturnType<typeof setTimeout> | undefined;
        let isFinished = false;
        const finish = (answer: string | undefined): void => {
          if (isFinished) return;
          isFinished = true;
          clearTimeout(timer);
          reader.close();
          if (answer !== undefined && answer.trim() !== '') history = [answer.replaceAll('\n', ' '), ...history];
          resolve(answer);
        };
        reader.on('line', (line) => {
          lines.push(line);
          clearTimeout(timer);
          timer = setTimeout(() => finish([...lines, ...(reader.line === '' ? [] : [reader.line])].join('\n')), PASTE_MS);
        });
        reader.on('SIGINT', () => {
          stdout.write('\n');
          if (reader.line === '') return finish(undefined);
          // A first Ctrl-C empties the line, as a shell does.
          reader.write(null, { ctrl: true, name: 'e' });
          reader.write(null, { ctrl: true, name: 'u' });
        });
        reader.on('close', () => {
          if (!isFinished) stdout.write('\n');
          finish(lines.length > 0 ? lines.join('\n') : undefined);
        });
        reader.prompt();
        if (begun + typed !== '') reader.write(begun + typed);
        typed = '';
      });
    },
    async holdTyping(work, onStop) {
      const { stdin } = streams;
      if (!stdin.isTTY) return work();
      const onData = (piece: Buffer): void => {
        const text = piece.toString();
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
