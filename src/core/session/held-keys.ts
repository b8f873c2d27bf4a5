import { MOST_TYPED_AT_ONCE } from './typing.ts';

/** What keys that were pressed while there was no line editor have typed. */
export interface HeldMessage {
  /** The text, as far as it was typed. */
  text: string;
  /** The text arrived faster than a user types. */
  isPasted: boolean;
  /** `enter`: the message is complete. `end`: Ctrl-D on an empty line. Undefined: the message is still being typed. */
  end?: 'enter' | 'end';
  /** The bursts after the message. */
  rest: readonly string[];
}

/** An escape sequence, such as an arrow key, or one character. */
// oxlint-disable-next-line no-control-regex -- keys are sent as control sequences
const KEY = /\u001b(?:\[[\d;?]*[ -/]*[@-~]|O.|.)?|[^]/gu;
/** Control characters other than Tab. */
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const CONTROL = /^[\0-\u0008\u000a-\u001f\u007f]/;

/**
 * Applies keys to an empty message, in order. A burst is what arrived at once: lines in one burst were pasted and are one message, and an
 * Enter at the end of a burst completes the message. Backspace deletes a character and Ctrl-U the line; other control keys have no
 * effect, because nothing shows the line that they would edit.
 */
export function heldMessage(bursts: readonly string[]): HeldMessage {
  const lines: string[] = [];
  let line: string[] = [];
  let isPasted = false;
  for (const [index, burst] of bursts.entries()) {
    if (burst.length > MOST_TYPED_AT_ONCE) isPasted = true;
    let at = 0;
    for (const [key] of burst.matchAll(KEY)) {
      at += key.length;
      if (key === '\r' || key === '\n') {
        lines.push(line.join(''));
        line = [];
      } else if (key === '\u0004') {
        const rest = [burst.slice(at), ...bursts.slice(index + 1)];
        if (lines.length === 0 && line.length === 0) return { text: '', isPasted: false, end: 'end', rest };
      } else if (key === '\u007f' || key === '\b') line.pop();
      else if (key === '\u0015') line = [];
      else if (!CONTROL.test(key)) line.push(key);
    }
    if (lines.length === 0) continue;
    const all = line.length === 0 ? lines : [...lines, line.join('')];
    return { text: all.join('\n'), isPasted: isPasted || all.length > 1, end: 'enter', rest: bursts.slice(index + 1) };
  }
  return { text: line.join(''), isPasted: isPasted && line.length > 0, rest: [] };
}
