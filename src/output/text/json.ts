import { exactJson } from '../../text/exact-json.ts';

// DEL, C1, separators, format characters and what is drawn as nothing (direction, fillers, tags): JSON.stringify leaves these as
// they are. The joiners and the selectors of text or emoji style stay, as in visibleText.
// oxlint-disable-next-line no-control-regex -- control characters are what this looks for
const ACTIVE = /[\u007f-\u009f\u2028\u2029\p{Cf}\p{Default_Ignorable_Code_Point}](?<!\u200c|\u200d|\ufe0e|\ufe0f)/gu;

/**
 * A value as indented JSON with a newline at the end. Texts stay exact for whoever parses it; what could act on a terminal is
 * written as an escape of JSON's own.
 */
export function jsonText(value: unknown): string {
  return `${exactJson(value, 2).replace(ACTIVE, escaped)}\n`;
}

/** The same on one line: an entry of a stream of JSON lines. */
export function jsonLine(value: unknown): string {
  return `${exactJson(value).replace(ACTIVE, escaped)}\n`;
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
}
