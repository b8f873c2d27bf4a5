/** What keys that were pressed while there was no line editor have typed. */
export interface HeldLine {
  /** The text of the line, as far as it was typed. */
  text: string;
  /** `enter`: the line is complete. `end`: Ctrl-D on an empty line. Undefined: the line is still being typed. */
  end?: 'enter' | 'end';
  /** The keys after the line. */
  rest: string;
}

/** An escape sequence, such as an arrow key, or one character. */
// oxlint-disable-next-line no-control-regex -- keys are sent as control sequences
const KEY = /\u001b(?:\[[\d;?]*[ -/]*[@-~]|O.|.)?|[^]/gu;
/** Control characters other than Tab. */
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const CONTROL = /^[\0-\u0008\u000a-\u001f\u007f]/;

/**
 * Applies keys to an empty line, in order. Backspace deletes a character and Ctrl-U the line; other control keys have no effect,
 * because nothing shows the line that they would edit.
 */
export function heldLine(keys: string): HeldLine {
  const characters: string[] = [];
  let at = 0;
  for (const [key] of keys.matchAll(KEY)) {
    at += key.length;
    if (key === '\r' || key === '\n') return { text: characters.join(''), end: 'enter', rest: keys.slice(at) };
    if (key === '\u0004' && characters.length === 0) return { text: '', end: 'end', rest: keys.slice(at) };
    if (key === '\u007f' || key === '\b') characters.pop();
    else if (key === '\u0015') characters.length = 0;
    else if (!CONTROL.test(key)) characters.push(key);
  }
  return { text: characters.join(''), rest: '' };
}
