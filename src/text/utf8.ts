import { isUtf8 } from 'node:buffer';
import { usageError, type OrxError } from '../errors.ts';
import { type Encoding, likelyEncoding, wideEncoding } from './likely-encoding.ts';

/** How messages name standard input. */
export const STANDARD_INPUT = 'standard input';
const NEWLINE = 0x0a;
const SAMPLE = 64 * 1024;

/** The source of bytes, for messages. `path` is a path that a shell can read; undefined for bytes from a pipe. */
export interface TextSource {
  name: string;
  path?: string | undefined;
}

/**
 * Returns the text of UTF-8 bytes, without a byte order mark. Throws kind `usage` for bytes that are not UTF-8 or contain zero
 * bytes, with the likely encoding and a command that converts it. Silently replaced characters would be sent, paid for and
 * answered.
 */
export function utf8Text(source: TextSource, bytes: Uint8Array): string {
  if (!isUtf8(bytes) || bytes.includes(0)) throw notUtf8(source, bytes);
  return withoutMark(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

/** Returns a text without the byte order mark that some Windows editors write. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Returns the error for bytes that are not UTF-8. `linesBefore` is the number of lines before these bytes. */
export function notUtf8(source: TextSource, bytes: Uint8Array, linesBefore = 0): OrxError {
  const { name } = source;
  const wide = wideEncoding(bytes);
  if (wide === undefined && bytes.includes(0)) {
    return usageError(`${name} is not text: it contains zero bytes`, 'convert it to text first');
  }
  const line = firstBadLine(bytes);
  const place = wide === undefined && line !== undefined ? ` (line ${linesBefore + line.number})` : '';
  const rest = bytes.subarray(line?.start ?? 0);
  // A few invalid bytes in otherwise valid UTF-8 indicate damage rather than another encoding.
  const isDamaged = wide === undefined && (bytes.subarray(0, line?.start).some(isBeyondAscii) || isMostlyUtf8(rest));
  const encoding = wide ?? (isDamaged ? undefined : likelyEncoding(rest));
  const what = encoding === undefined ? '' : ` but looks like ${encoding.name}`;
  return usageError(
    isDamaged ? `${name} contains invalid UTF-8${place}` : `${name} is not UTF-8 text${place}${what}`,
    isDamaged
      ? `drop the invalid bytes: ${command(source, 'iconv -c -f UTF-8 -t UTF-8')}`
      : `convert it: ${command(source, `iconv -f ${nameOf(encoding)} -t UTF-8`)}`,
  );
}

function nameOf(encoding: Encoding | undefined): string {
  return encoding?.iconv ?? '<its encoding>';
}

function command({ path }: TextSource, convert: string): string {
  return path === undefined ? `cat FILE | ${convert} | orx chat` : `${convert} ${quoted(path)} > converted.txt`;
}

/** Quotes a path for a shell. */
function quoted(path: string): string {
  return /^[\w./@%+=:,-]+$/.test(path) ? path : `'${path.replaceAll("'", String.raw`'\''`)}'`;
}

function firstBadLine(bytes: Uint8Array): { number: number; start: number } | undefined {
  let number = 1;
  for (let start = 0; start < bytes.length; number += 1) {
    const hit = bytes.indexOf(NEWLINE, start);
    const end = hit === -1 ? bytes.length : hit + 1;
    if (!isUtf8(bytes.subarray(start, end))) return { number, start };
    start = end;
  }
  return undefined;
}

function isBeyondAscii(byte: number): boolean {
  return byte > 0x7f;
}

function isMostlyUtf8(bytes: Uint8Array): boolean {
  const text = new TextDecoder().decode(bytes.subarray(0, SAMPLE));
  const good = text.match(/[^\0-\x7f\ufffd]/gu)?.length ?? 0;
  const bad = text.match(/\ufffd/gu)?.length ?? 0;
  return good >= bad;
}
