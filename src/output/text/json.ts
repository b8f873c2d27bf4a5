import { exactJson } from '../../text/exact-json.ts';

// DEL, C1, separators, format characters and characters drawn as nothing (direction, fillers, tags): JSON.stringify does not
// escape these. The joiners and the selectors of text or emoji style are allowed, and so are 8 combining marks on a letter, as in
// visibleText.
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const active = (): RegExp =>
  /[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}](?<!\u200c|\u200d|\ufe0e|\ufe0f)|\p{M}(?<=\p{M}{9})\p{M}{0,4095}/gu;
/** The marks at the end of a text that decide whether the next one is escaped. Each has one or two units. */
const lastMarks = (): RegExp => /\p{M}{0,8}$/u;
const LAST_MARKS_UNITS = 16;

/**
 * Returns a value as indented JSON with a newline at the end. Parsed texts are exact. Characters that could affect a terminal are
 * written as JSON escapes.
 */
export function jsonText(value: unknown): string {
  return `${withEscapes(exactJson(value, 2))}\n`;
}

/** Returns JSON text with the same escapes. */
export function withEscapes(json: string): string {
  return json.replace(active(), escaped);
}

/** Like `jsonText`, on one line: an entry of a stream of JSON lines. */
export function jsonLine(value: unknown): string {
  return `${withEscapes(exactJson(value))}\n`;
}

/**
 * Returns a function that escapes the pieces of a string. Joined, its results are the inside of the string that jsonLine makes of
 * the whole text.
 */
export function jsonPieces(): (piece: string) => string {
  let before = '';
  return (piece) => {
    const json = jsonLine(before + piece).slice(jsonLine(before).length - 2, -2);
    before = lastMarks().exec((before + piece).slice(-LAST_MARKS_UNITS))![0];
    return json;
  };
}

/** Cached, because an answer can contain millions of marks. */
const ESCAPES = new Map<number, string>();

function escaped(text: string): string {
  let json = '';
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at);
    let escape = ESCAPES.get(unit);
    if (escape === undefined) ESCAPES.set(unit, (escape = `\\u${unit.toString(16).padStart(4, '0')}`));
    json += escape;
  }
  return json;
}
