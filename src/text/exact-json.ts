/*
 * JSON that preserves large numbers. JSON.parse rounds numbers that a double cannot represent, such as a 64-bit id. Here such a
 * number passes through JSON.parse and JSON.stringify as a string with a marker that is secret to this process, and becomes a
 * number again in the final text. This works on text, so it also works where a library parses and writes the JSON.
 */
let created: string | undefined;
const mark = (): string => (created ??= `orx-number-${globalThis.crypto.randomUUID()}:`);

const NUMBER_TEXT = /-?\d[\d.eE+-]*/y;
const NUMBER = /^(-?)(0|[1-9]\d*)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

/** A number that a double cannot represent, as it was written. */
export class ExactNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toJSON(): string {
    return mark() + this.text;
  }
}

/** Returns JSON text in which the numbers that JSON.parse would change are replaced by marked strings. */
export function markNumbers(json: string): string {
  const pieces: string[] = [];
  let from = 0;
  for (let at = 0; at < json.length;) {
    const code = json.charCodeAt(at);
    if (code === QUOTE) {
      at = endOfString(json, at + 1);
    } else if (code === MINUS || (code >= DIGIT_0 && code <= DIGIT_9)) {
      NUMBER_TEXT.lastIndex = at;
      const [text = json[at]!] = NUMBER_TEXT.exec(json) ?? [];
      if (!survives(text)) {
        pieces.push(json.slice(from, at), `"${mark()}${text}"`);
        from = at + text.length;
      }
      at += text.length;
    } else {
      at += 1;
    }
  }
  return pieces.length === 0 ? json : pieces.join('') + json.slice(from);
}

/** Reverses markNumbers, for text that JSON.stringify wrote. */
export function unmarkNumbers(json: string): string {
  return created === undefined || !json.includes(created) ? json : json.replaceAll(new RegExp(`"${created}([^"]*)"`, 'g'), '$1');
}

/** Parses JSON like JSON.parse, with an ExactNumber for each number that a double cannot represent. */
export function parseExact(json: string): unknown {
  const marked = markNumbers(json);
  if (marked === json) return JSON.parse(json) as unknown;
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && created !== undefined && value.startsWith(created)
      ? new ExactNumber(value.slice(created.length))
      : value,
  ) as unknown;
}

/** Like JSON.stringify, for values that may contain exact numbers. */
export function exactJson(value: unknown, indent?: number): string {
  return unmarkNumbers(JSON.stringify(value, null, indent));
}

/** Returns the value with exact numbers rounded, as JSON.parse alone would return it. */
export function roundNumbers<Value>(value: Value): Value {
  return JSON.parse(exactJson(value)) as Value;
}

const QUOTE = 34;
const MINUS = 45;
const DIGIT_0 = 48;
const DIGIT_9 = 57;
const BACKSLASH = 92;

/** Returns the index after the closing quote of a string whose content begins at `start`. */
export function endOfString(json: string, start: number): number {
  for (let at = json.indexOf('"', start); at !== -1; at = json.indexOf('"', at + 1)) {
    let backslashes = 0;
    while (json.charCodeAt(at - 1 - backslashes) === BACKSLASH) backslashes += 1;
    if (backslashes % 2 === 0) return at + 1;
  }
  return json.length;
}

/**
 * Returns whether JSON.parse and JSON.stringify preserve the number. Invalid numbers count as preserved: JSON.parse rejects them.
 */
function survives(text: string): boolean {
  const value = Number(text);
  const again = JSON.stringify(value);
  if (again === text || !NUMBER.test(text)) return true;
  if (!Number.isFinite(value) || Object.is(value, -0)) return false;
  // An id with many digits must not get an exponent.
  if (again.includes('e') && !/e/i.test(text)) return false;
  return sameDigits(text) === sameDigits(again);
}

/** Returns sign, significant digits and exponent: equal for two texts of the same number. */
function sameDigits(text: string): string {
  const [, sign = '', whole = '', fraction = '', exponent = '0'] = NUMBER.exec(text) ?? [];
  const digits = whole + fraction;
  let [start, end] = [0, digits.length];
  while (start < end && digits[start] === '0') start += 1;
  while (end > start && digits[end - 1] === '0') end -= 1;
  if (start === end) return '0';
  return `${sign}${digits.slice(start, end)}e${Number(exponent) - fraction.length + digits.length - end}`;
}
