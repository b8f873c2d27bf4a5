import { StringDecoder } from 'node:string_decoder';
import type { KeyboardListeners, EditorKeyboard } from '../../commands/session-services.ts';
import { createKeyParser, type Key } from '../../core/session/keys.ts';
import { MOST_TYPED_AT_ONCE } from '../../core/session/typing.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import { whenQuiet } from './when-quiet.ts';

const BRACKETED_PASTE_ON = '\u001b[?2004h';
const BRACKETED_PASTE_OFF = '\u001b[?2004l';
/** What follows an Escape of a sequence comes at once, over a slow line too. */
const ESCAPE_MS = 50;
/** Terminals hand over what waits at once. */
const TYPED_AHEAD_MS = 50;
/** A long paste that is not marked comes in pieces, the last of which may be short. */
const BURST_MS = 30;

/** Reads keys from the terminal in raw mode. However the process ends, the terminal is as before. */
export function openEditorKeyboard(
  { stdin, stdout }: { stdin: NodeJS.ReadStream; stdout: NodeJS.WriteStream },
  { onKeys, onEnd }: KeyboardListeners,
): EditorKeyboard {
  const decoder = new StringDecoder('utf8');
  const parser = createKeyParser();
  let isOpen = false;
  let isClosed = false;
  let burstAt = Number.NEGATIVE_INFINITY;
  let isTypedAhead = false;
  let cancel = (): void => undefined;
  let cancelAhead = (): void => undefined;

  // What was typed while nobody had the keyboard comes as the terminal reads lines: with line ends in place of Enter.
  const enters = (text: string): string => (isTypedAhead ? text.replaceAll('\n', '\r') : text);
  // More than anybody types at once counts as a paste, also where the terminal does not say so.
  const asTyped = (keys: readonly Key[]): readonly Key[] => {
    const now = performance.now();
    const count = keys.reduce((sum, key) => sum + (key.type === 'text' ? key.text.length : 0), 0);
    if (count > MOST_TYPED_AT_ONCE || (count > 0 && now - burstAt < BURST_MS)) burstAt = now;
    else return keys;
    return keys.map((key) => (key.type === 'text' ? { type: 'paste', text: key.text } : key));
  };
  const onData = (bytes: Buffer): void => {
    cancel();
    const keys = asTyped(parser.push(enters(decoder.write(bytes))));
    // All that waited comes in one piece: a later Ctrl-J is one, also when the timer is late on a busy machine.
    isTypedAhead = false;
    if (parser.isPending()) cancel = whenQuiet(ESCAPE_MS, () => onKeys(parser.flush()));
    if (keys.length > 0) onKeys(keys);
  };
  const open = (): void => {
    if (isOpen || isClosed) return;
    isOpen = true;
    isTypedAhead = true;
    cancelAhead = whenQuiet(TYPED_AHEAD_MS, () => (isTypedAhead = false));
    stdin.setRawMode(true);
    drawing(stdout).write(BRACKETED_PASTE_ON);
    // Another screen may have let go of it.
    stdin.ref();
    stdin.on('data', onData).resume();
  };
  const pause = (): void => {
    if (!isOpen) return;
    isOpen = false;
    cancel();
    cancelAhead();
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
      isClosed = true;
      process.off('exit', pause);
      process.off('SIGCONT', onContinue);
      stdin.off('end', onEnd);
    },
  };
}
