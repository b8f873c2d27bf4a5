import { StringDecoder } from 'node:string_decoder';
import type { KeyboardListeners, TalkKeyboard } from '../commands/talk-desk.ts';
import { createKeyParser } from '../core/talk/keys.ts';
import { drawing } from '../output/terminal-border.ts';

const BRACKETED_PASTE_ON = '\u001b[?2004h';
const BRACKETED_PASTE_OFF = '\u001b[?2004l';
/** What follows an Escape of a sequence comes at once, over a slow line too. */
const ESCAPE_MS = 50;
/** Terminals hand over what waits at once. */
const TYPED_AHEAD_MS = 50;

/** Reads keys from the terminal in raw mode. However the process ends, the terminal is as before. */
export function openTalkKeyboard(
  { stdin, stdout }: { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream },
  { onKeys, onEnd }: KeyboardListeners,
): TalkKeyboard {
  const decoder = new StringDecoder('utf8');
  const parser = createKeyParser();
  let isOpen = false;
  let openedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;

  // What was typed while nobody had the keyboard comes as the terminal reads lines: with line ends in place of Enter.
  const enters = (text: string): string => (performance.now() - openedAt < TYPED_AHEAD_MS ? text.replaceAll('\n', '\r') : text);
  const onData = (bytes: Buffer): void => {
    clearTimeout(timer);
    const keys = parser.push(enters(decoder.write(bytes)));
    if (parser.isPending()) timer = setTimeout(() => onKeys(parser.flush()), ESCAPE_MS);
    if (keys.length > 0) onKeys(keys);
  };
  const open = (): void => {
    if (isOpen) return;
    isOpen = true;
    openedAt = performance.now();
    stdin.setRawMode(true);
    drawing(stdout).write(BRACKETED_PASTE_ON);
    // Another screen may have let go of it.
    stdin.ref();
    stdin.on('data', onData).resume();
  };
  const pause = (): void => {
    if (!isOpen) return;
    isOpen = false;
    clearTimeout(timer);
    stdin.off('data', onData).pause();
    stdin.setRawMode(false);
    drawing(stdout).write(BRACKETED_PASTE_OFF);
  };
  // Whoever stopped the process from outside may have changed the terminal's mode.
  const onContinue = (): void => {
    if (!isOpen) return;
    pause();
    open();
  };
  process.on('exit', pause);
  process.on('SIGCONT', onContinue);
  stdin.once('end', onEnd);
  open();
  return {
    pause,
    resume: open,
    close() {
      pause();
      process.off('exit', pause);
      process.off('SIGCONT', onContinue);
      stdin.off('end', onEnd);
    },
  };
}
