/**
 * Makes text from outside (models, catalogues, servers, files, the environment) safe to show: nothing in it can move the cursor,
 * set a title, write the clipboard, hide or reorder text. Source of the rule: CWE-150, and Unicode TR36 for direction and
 * invisible characters.
 */

// C0 except tab and newline, DEL, C1, line separators, all characters that Unicode defines as drawn as nothing (direction
// controls, fillers, tags, variation selectors), interlinear marks, lone surrogates. The joiners and the selectors of text or
// emoji style are allowed: Persian, the scripts of India and emoji cannot be written without them.
// A function, because V8 takes 0.7 ms to read this one and the next, and most commands print plain text.
const hidden = (): RegExp =>
  // oxlint-disable-next-line no-control-regex -- control characters are what this looks for
  /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\p{Default_Ignorable_Code_Point}\ufff9-\ufffb\ud800-\udfff](?<!\u200c|\u200d|\ufe0e|\ufe0f)/gu;
/**
 * What may have to be replaced. The ranges are those of the most frequent scripts in which every character is visible and none is
 * a combining mark: most text, in which nothing has to be searched.
 */
const NEEDS_CARE =
  /[^\n\t\x20-\x7e\u00a1-\u00ac\u00ae-\u02ff\u0370-\u0482\u048a-\u052f\u1e00-\u1fff\u2010-\u2027\u2030-\u205e\u20a0-\u20c0\u2100-\u2bff\u3001-\u3029\u3041-\u3096\u309b-\u30ff\u3400-\u9fff\uac00-\ud7a3\uff01-\uff9f]/;

const marksOf = (): RegExp => /\p{M}+/gu;
// A letter has a few combining marks; hundreds are an attack on the renderer.
const MOST_MARKS = 8;

/**
 * In UTF-16 units. Longer text is processed in slices: a run of marks as long as an answer would overflow the stack of a regular
 * expression.
 */
const SLICE = 64 * 1024;

/**
 * Returns the text with every control or invisible character except newline and tab replaced by something visible, and with at
 * most 8 combining marks on a letter.
 */
export function visibleText(text: string): string {
  if (text.length <= SLICE) return NEEDS_CARE.test(text) ? visibleAfter(0, text).text : text;
  const stream = visibleTextStream();
  return stream.push(text) + stream.end();
}

/** Like `visibleText`, for one line: newlines and tabs become spaces. */
export function visibleLine(text: string): string {
  return visibleText(text).replace(/[\n\t]+/g, ' ');
}

/** Makes text visible that follows `marksBefore` marks. Returns it with the number of marks at its end. */
function visibleAfter(marksBefore: number, text: string): { text: string; marks: number } {
  if (text === '') return { text, marks: marksBefore };
  // Most text is plain, and every piece of every answer is processed here.
  if (!NEEDS_CARE.test(text)) return { text, marks: 0 };
  const shown = text.replace(/\r\n/g, '\n').replace(hidden(), picture);
  let marks = 0;
  const limited = shown.replace(marksOf(), (run, at: number) => {
    const before = at === 0 ? marksBefore : 0;
    const isLast = at + run.length === shown.length;
    if (before + run.length <= MOST_MARKS && !isLast) return run;
    const all = [...run];
    if (isLast) marks = before + all.length;
    return all.slice(0, Math.max(0, MOST_MARKS - before)).join('');
  });
  return { text: limited, marks };
}

function picture(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}

export interface VisibleTextStream {
  push: (piece: string) => string;
  /** Returns the pending end of a piece. The next piece continues the same text. */
  flush: () => string;
  /** Returns the pending end of the text. The next piece starts another text. */
  end: () => string;
}

/**
 * Like `visibleText`, for text that arrives in pieces. A carriage return at the end of a piece waits for a newline, half a
 * surrogate pair waits for its other half, and marks are counted across pieces, so that the result does not depend on how the
 * text is split.
 */
export function visibleTextStream(): VisibleTextStream {
  let pending = '';
  let marks = 0;
  const show = (piece: string): string => {
    const shown = visibleAfter(marks, piece);
    marks = shown.marks;
    return shown.text;
  };
  const push = (piece: string): string => {
    const text = pending + piece;
    if (text === '') return '';
    if (!NEEDS_CARE.test(text)) {
      pending = '';
      marks = 0;
      return text;
    }
    const last = text.charCodeAt(text.length - 1);
    const keep = last === 0x0d || (last >= 0xd800 && last <= 0xdbff) ? 1 : 0;
    pending = keep === 1 ? text.slice(-1) : '';
    return show(keep === 1 ? text.slice(0, -1) : text);
  };
  const flush = (): string => {
    const rest = show(pending);
    pending = '';
    return rest;
  };
  return {
    push(piece) {
      if (piece.length <= SLICE) return push(piece);
      let shown = '';
      for (let at = 0; at < piece.length; at += SLICE) shown += push(piece.slice(at, at + SLICE));
      return shown;
    },
    flush,
    end() {
      const rest = flush();
      marks = 0;
      return rest;
    },
  };
}
