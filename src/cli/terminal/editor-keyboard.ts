import { StringDecoder } from 'node:string_decoder';
import type { KeyboardListeners, EditorKeyboard } from '../../commands/context/session-services.ts';
import { createKeyParser, type Key } from '../../core/session/keys.ts';
import { MOST_TYPED_AT_ONCE } from '../../core/session/typing.ts';
import { drawing } from '../../output/text/terminal-border.ts';
import { whenQuiet } from './when-quiet.ts';

const BRACKETED_PASTE_ON = '\u001b[?2004h';
const BRACKETED_PASTE_OFF = '\u001b[?2004l';
/** The rest of an escape sequence follows Escape within this time, even over a slow connection. */
const ESCAPE_MS = 50;
/** Terminals deliver waiting input within this time. */
const TYPED_AHEAD_MS = 50;
/** A long paste without paste markers arrives in pieces, the last of which may be short. */
const BURST_MS = 30;

/** Reads keys from the terminal in raw mode. Restores the terminal however the process ends. */
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

  // Text that was typed before raw mode arrives in the terminal's line mode: with line feeds instead of Enter.
  const enters = (text: string): string => (isTypedAhead ? text.replaceAll('\n', '\r') : text);
  // More characters than a user types at once count as a paste, for terminals without paste markers.
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
    // Waiting input arrives in one piece, so a later line feed is Ctrl-J, even if the timer is late on a busy machine.
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
    // Another screen may have unreferenced the stream.
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
  // The terminal's mode may have changed while the process was stopped from outside.
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
