/** The class of a run of characters for a tokenizer. Those up to `mark` consist of ASCII characters. */
const LETTER = 0;
const DIGIT = 1;
const SPACE = 2;
const NEWLINE = 3;
const MARK = 4;
const ACCENTED = 5;
const SYLLABIC = 6;
const IDEOGRAPH = 7;
const HANGUL = 8;
const WIDE = 9;
const OTHER = 10;
const NOTHING = -1;

/** A longer word, or run of marks, is usually more than one token. */
const SHORT_WORD = 6;
const SHORT_MARKS = 2;

/** Classes of ASCII characters. */
const ASCII = Uint8Array.from({ length: 0x80 }, (_, unit) => asciiKind(unit));
/** Several parts of orx count the same long text; the last one is counted once. In UTF-16 units. */
const LONG = 16 * 1024;
let lastLong = { text: '', tokens: 0 };

/**
 * Returns about how many tokens a text has for a model, without a tokenizer: one pass, by classes of characters, the same on every machine.
 * Never more than its bytes in UTF-8, and 0 only for an empty text. Compared with real counts (o200k) of 260 prompts (English questions, Python
 * and Japanese): half of them are within 3.4%, nine of ten within 9%, the worst is 26% off, sums of each kind are within 3%. Answers of
 * models with lists and tables, some of them Chinese: nine of ten within 14%. Other languages were only tested with one sentence each: within
 * 30%.
 */
export function estimateTokens(text: string): number {
  if (text.length < LONG) return countTokens(text);
  if (lastLong.text !== text) lastLong = { text, tokens: countTokens(text) };
  return lastLong.tokens;
}

function countTokens(text: string): number {
  const { length } = text;
  let tokens = 0;
  let bytes = 0;
  let before = NOTHING;
  let kind = length === 0 ? NOTHING : kindOf(text.charCodeAt(0));
  for (let start = 0; start < length;) {
    let after = NOTHING;
    let unit = text.charCodeAt(start);
    let end = start + 1;
    if (kind > MARK) bytes += bytesOf(unit);
    for (; end < length; end += 1) {
      const next = text.charCodeAt(end);
      after = next < 0x80 ? ASCII[next]! : kindOf(next);
      // `camelCase` counts as two words.
      if (after !== kind || (kind === LETTER && isCapital(next) && !isCapital(unit))) break;
      if (kind > MARK) bytes += bytesOf(next);
      unit = next;
    }
    if (kind <= MARK) bytes += end - start;
    tokens += weight(kind, end - start, before, end < length ? after : NOTHING);
    before = kind;
    kind = after;
    start = end;
  }
  return text === '' ? 0 : Math.min(bytes, Math.max(1, Math.round(tokens)));
}

/** Returns the tokens of a run of `length` characters. The numbers were fitted to o200k. */
function weight(kind: number, length: number, before: number, after: number): number {
  switch (kind) {
    case LETTER:
      return (before === ACCENTED ? 0 : 0.95) + 0.12 * Math.max(0, length - SHORT_WORD);
    case DIGIT:
      return Math.ceil(length / 3);
    case SPACE:
      // A single space belongs to the word after it, unless that is a number.
      return length > 1 || after === DIGIT ? 0.95 : 0;
    case NEWLINE:
      return before === MARK ? 0 : 1.2;
    case MARK:
      return 0.93 + 0.05 * Math.max(0, length - SHORT_MARKS);
    case ACCENTED:
      // In a word of plain letters such a character splits the word; Greek and Cyrillic words consist only of them.
      return before === LETTER || after === LETTER ? 0.9 * length : 0.3 + 0.25 * length;
    case SYLLABIC:
      return 0.42 * length;
    case IDEOGRAPH:
      return 0.7 * length;
    case HANGUL:
      return 0.75 * length;
    case WIDE:
      return length;
    default:
      return 1.25 * length;
  }
}

/** Returns the class of a UTF-16 unit. Tests ranges of scripts, common ones first. */
function kindOf(unit: number): number {
  if (unit < 0x80) return ASCII[unit]!;
  if (unit < 0xc0) return WIDE;
  if (unit < 0x530) return ACCENTED;
  if (unit < 0x1100) return SYLLABIC;
  if (unit >= 0x3040 && unit <= 0x9fff) return IDEOGRAPH;
  if (unit >= 0xac00 && unit <= 0xd7a3) return HANGUL;
  return (unit >= 0x2000 && unit < 0x3040) || (unit >= 0xff00 && unit < 0xfff0) ? WIDE : OTHER;
}

function asciiKind(unit: number): number {
  if ((unit >= 0x61 && unit <= 0x7a) || isCapital(unit)) return LETTER;
  if (unit === 0x20 || unit === 0x09) return SPACE;
  if (unit === 0x0a || unit === 0x0d) return NEWLINE;
  return unit >= 0x30 && unit <= 0x39 ? DIGIT : MARK;
}

function isCapital(unit: number): boolean {
  return unit >= 0x41 && unit <= 0x5a;
}

/** Returns the bytes in UTF-8; each half of a surrogate pair counts as two of its four bytes. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
}
