/** Every attack that external text could try on a terminal; each one leaves a mark that `harmIn` finds. */
export const HOSTILE = [
  '=PWN',
  '\u001b]0;PWN\u0007\u001b]8;;https://evil.example/\u001b\\PWN\u001b]8;;\u001b\\\u001b]52;c;UFdO\u0007',
  '\u001b]7;file://evil/\u0007\u001b]9;PWN\u0007\u001b]777;notify;P;W\u0007\u001b]1337;SetMark\u0007',
  '\u001bP+q544e\u001b\\\u001b_GPWN\u001b\\\u001b^PWN\u001b\\\u001bXPWN\u001b\\\u001bc',
  '\u001b[0;31;8mPWN\u001b[9m\u001b[41m\u001b[77A\u001b[2J\u001b[3J\u001b[13;13H\u001b[1;2r\u001b[6n\u001b[?1000h\u001b[>1u\u001b[20t',
  '\u009b31mPWN\u009d0;PWN\u009c\u0090PWN\u009c',
  '\u0007'.repeat(30),
  'safe\b\b\b\bPWN safe\rPWN\u0000\u007f',
  '\u202ePWN\u202c\u2066PWN\u2069\u200e\u061c\u200b\u2060\ufeff\u00ad\u{e0041}\u{e0100}\u2028\u2029',
  `PWN${'\u0301'.repeat(300)}`,
  '\n\tPWN\r\n</script></pre><script>PWN</script>',
  '|```\n~~~',
  'PWN\u001b',
].join(' ');

/** The same text for places that allow no NUL: command lines, the environment and file names. */
export const HOSTILE_WORD = HOSTILE.replaceAll('\u0000', '');
/** The same attacks as a file name: without slashes, and short enough. */
export const HOSTILE_NAME = '=PWN \u001b]0;PWN\u0007\u001b[77A\u001b[9m\u009b31m\u202e\u200b\u0007\b\r\nPWN\u0301';

// Sequences that orx itself writes to a terminal: theme colors, rows and cursor of its screens, the alternate screen, bracketed paste, whole frames.
const OWN =
  /\u001b\[(?:[0-4]|2[2-4]|29|3[0-79]|9[0-7])?m|\u001b\[(?:[1-6]?\d)?[ABCDEFG]|\u001b\[[0-2]?K|\u001b\[[0-2]?J|\u001b\[H|\u001b\[\?(?:25|1049|2004|2026)[hl]/g;
const CONTROL = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufff9-\ufffb\p{Default_Ignorable_Code_Point}]/u;
const JOINERS = /\u200c|\u200d|\ufe0e|\ufe0f/g;
/** More combining marks than orx allows on one letter. */
const MANY_MARKS = /\p{M}{9}/u;

/** Returns terminal output that does not come from orx itself, or undefined if there is none. `bytes` is the whole output. */
export function harmIn(bytes: Buffer, own = OWN): string | undefined {
  let text: string;
  try {
    // `stream`: the end of the output can be lost with the terminal, and cut a character.
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: true });
  } catch {
    const readable = bytes.toString();
    return `bytes that are not UTF-8 in ${around(readable, readable.indexOf('\ufffd'))}`;
  }
  // orx erases its own screen from the top edge; it may erase nothing else.
  const rest = text.replaceAll('\u001b[H\u001b[J', '').replace(own, '').replaceAll('\r\n', '\n').replace(JOINERS, '');
  // At the start of a row there is nothing that could be overwritten.
  const match = CONTROL.exec(rest.replace(/(?<=^|\n)\r+|\r+(?=\n|$)/g, ''));
  if (match !== null) return `${JSON.stringify(match[0])} in ${around(rest, match.index)}`;
  const marks = MANY_MARKS.exec(rest);
  return marks === null ? undefined : `many marks in ${around(rest, marks.index)}`;
}

function around(text: string, at: number): string {
  return JSON.stringify(text.slice(Math.max(0, at - 60), at + 40));
}
