import type { Writable } from 'node:stream';
import { jsonLine, jsonPieces, jsonText } from './json.ts';
import { wholeEnd, write } from './write-stream.ts';

/** In UTF-16 units. Longer texts are written slice by slice, so that their JSON is never in memory as a whole. */
const LONGEST_AT_ONCE = 256 * 1024;

/** A text in parts that becomes one string in JSON. */
export class TextParts {
  readonly parts: readonly string[];

  constructor(parts: readonly string[]) {
    this.parts = parts;
  }

  toJSON(): string {
    return this.parts.join('');
  }
}

/** Writes the result of jsonText, or with `isLine` of jsonLine, without a second copy of long texts in memory. */
export async function writeJson(stream: Writable, value: unknown, { isLine = false } = {}): Promise<void> {
  const long: (readonly string[])[] = [];
  const shape = isLine ? jsonLine : jsonText;
  const outline = shape(withoutLong(value, long));
  let at = 0;
  for (const [index, parts] of long.entries()) {
    const mark = markOf(index);
    const place = outline.indexOf(mark, at);
    await write(stream, outline.slice(at, place));
    const escape = jsonPieces();
    for (const part of parts) await writeInside(stream, part, escape);
    at = place + mark.length;
  }
  await write(stream, outline.slice(at));
}

/** Writes text as the inside of a JSON string. */
async function writeInside(stream: Writable, text: string, escape: (piece: string) => string): Promise<void> {
  for (let at = 0; at < text.length;) {
    const end = wholeEnd(text, at + LONGEST_AT_ONCE);
    await write(stream, escape(text.slice(at, end)));
    at = end;
  }
}

/**
 * Returns a copy of the value in which placeholders replace long texts. Appends these to `long` in the order in which they are
 * written.
 */
function withoutLong(value: unknown, long: (readonly string[])[]): unknown {
  if (typeof value === 'string') return value.length <= LONGEST_AT_ONCE ? value : markOf(long.push([value]) - 1);
  if (value instanceof TextParts)
    return value.parts.length < 2 ? withoutLong(value.toJSON(), long) : markOf(long.push(value.parts) - 1);
  if (Array.isArray(value)) return value.map((item) => withoutLong(item, long));
  // Values with their own JSON form, such as a number that JSON.parse would change, contain no long texts.
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, withoutLong(item, long)]));
}

let secret: string | undefined;
/** Returns a placeholder. It contains a random secret, so that no text can be mistaken for it. */
function markOf(index: number): string {
  secret ??= globalThis.crypto.randomUUID();
  return `long-${secret}-${index}-`;
}
