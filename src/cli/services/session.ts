import { homedir } from 'node:os';
import type { Streams } from '../../commands/context/terminal.ts';
import type { SessionServices } from '../../commands/context/session-services.ts';
import { MOST_PROMPTS } from '../../core/session/prompt-history.ts';
import { openPromptFile } from '../../storage/prompt-history.ts';
import { askKey, pressKey } from '../terminal/ask-terminal.ts';
import { findMatches, findPath, fromHome } from '../files/find-path.ts';
import type { Interrupts } from '../terminal/interrupt.ts';
import type { Keyboard } from '../terminal/keyboard.ts';
import { listFolder } from '../files/list-folder.ts';
import { openProjectFiles } from '../files/project-files.ts';
import { openEditorKeyboard } from '../terminal/editor-keyboard.ts';

const ALIVE_MS = 60_000;

/** Returns the services of this process for a conversation. */
export function createSessionServices(parts: {
  streams: Streams;
  keyboard: Keyboard;
  interrupts: Interrupts;
  /** The data folder. */
  data: string;
}): SessionServices {
  const { streams, keyboard, interrupts } = parts;
  const terminalUntil = (signal: AbortSignal) => {
    const { stdin: input, stdout, stderr } = streams;
    return { input, output: stderr.isTTY ? stderr : stdout, signal: AbortSignal.any([signal, interrupts.signal]) };
  };
  const file = openPromptFile(parts.data, MOST_PROMPTS);
  return {
    prompts: { entries: file.read(), add: file.add },
    openKeyboard: (listeners) => openEditorKeyboard(streams, listeners),
    interruptible: interrupts.interruptible,
    stop: interrupts.stop,
    shielded: interrupts.shielded,
    askMessage: keyboard.askMessage,
    lendTo: keyboard.lendTo,
    findPath,
    fromHome: (path) => fromHome(path, homedir()),
    findMatches,
    listFolder,
    projectFiles: openProjectFiles(process.cwd()),
    askKey: (question, keys, signal) => keyboard.withoutHold(() => askKey(question, keys, terminalUntil(signal))),
    pressKey: (question, signal) => keyboard.withoutHold(() => pressKey(question, terminalUntil(signal))),
    suspendProcess: () =>
      new Promise((resolve) => {
        // Keeps the process alive: a signal handler does not.
        const alive = setInterval(() => undefined, ALIVE_MS);
        process.once('SIGCONT', () => {
          clearInterval(alive);
          resolve();
        });
        // Stops the whole foreground group, as the terminal itself would.
        process.kill(0, 'SIGTSTP');
      }),
  };
}
