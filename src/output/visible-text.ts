/**
 * The border to the terminal. Text from outside (models, catalogues, servers, files, the environment) passes here before a
 * person sees it, so that nothing in it can move the cursor, set a title, write the clipboard, hide or reorder text.
 * Source of the rule: CWE-150, and Unicode TR36 for direction and invisible characters.
 */

// C0 without tab and newline, DEL, C1, line separators, direction controls, invisible and tag characters,
// variation selectors beyond text/emoji style, lone surrogates.
const HIDDEN =
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e0fff}]|[\ud800-\udfff]/gu;

// A letter carries a few marks; hundreds of them are an attack on the renderer.
const STACKED_MARKS = /(\p{M}{8})\p{M}+/gu;

/** Newline and tab stay; every other control or invisible character becomes something visible; marks stack at most 8 high. */
export function visibleText(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(HIDDEN, picture).replace(STACKED_MARKS, '$1');
}

/** visibleText for one line: newlines and tabs become spaces as well. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\n\t]+/g, ' ');
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

/**
 * The same for text that arrives in pieces: a carriage return at the end of a piece waits for a newline, and half a
 * surrogate pair for its other half, so that the result does not depend on where the pieces were cut.
 */
export function visibleTextStream(): { push: (piece: string) => string; end: () => string } {
  let held = '';
  return {
    push(piece) {
      const text = held + piece;
      const keep = /[\r\ud800-\udbff]$/.test(text) ? 1 : 0;
      held = keep === 1 ? text.slice(-1) : '';
      return visibleText(keep === 1 ? text.slice(0, -1) : text);
    },
    end() {
      const rest = visibleText(held);
      held = '';
      return rest;
    },
  };
}
