import { isUtf8 } from 'node:buffer';
import { usageError, type OrxError } from '../errors.ts';
import { type Encoding, likelyEncoding, wideEncoding } from './likely-encoding.ts';

/** What standard input is called. */
export const STANDARD_INPUT = 'standard input';
const NEWLINE = 0x0a;
const SAMPLE = 64 * 1024;

/** Where bytes come from: `path` is what a shell can read them from; without it they came through a pipe. */
export interface TextSource {
  name: string;
  path?: string | undefined;
}

/**
 * Returns the text of UTF-8 bytes, without a byte order mark. Throws kind `usage` for bytes that are not UTF-8 or hold zero bytes, with the
 * likely encoding and a command that converts it: a letter that is replaced without a word is sent, paid for and answered.
 */
export function utf8Text(source: TextSource, bytes: Uint8Array): string {
  if (!isUtf8(bytes) || bytes.includes(0)) throw notUtf8(source, bytes);
  return withoutMark(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

/** A text without the byte order mark that editors of Windows put in front of it. */
export function withoutMark(text: string): string {
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** What is wrong with bytes that are not UTF-8, which stand `linesBefore` lines after the beginning. */
export function notUtf8(source: TextSource, bytes: Uint8Array, linesBefore = 0): OrxError {
  const { name } = source;
  const wide = wideEncoding(bytes);
  if (wide === undefined && bytes.includes(0)) {
    return usageError(`${name} is not text: it holds zero bytes`, 'give text, or the output of a program that makes it one');
  }
  const line = firstBadLine(bytes);
  const place = wide === undefined && line !== undefined ? ` (line ${linesBefore + line.number})` : '';
  const rest = bytes.subarray(line?.start ?? 0);
  // Among characters that are UTF-8, a few bytes that are not are damage rather than another encoding.
  const isDamaged = wide === undefined && (bytes.subarray(0, line?.start).some(isBeyondAscii) || isMostlyUtf8(rest));
  const encoding = wide ?? (isDamaged ? undefined : likelyEncoding(rest));
  const what = encoding === undefined ? '' : ` but looks like ${encoding.name}`;
  return usageError(
    isDamaged ? `${name} is UTF-8 text with broken characters${place}` : `${name} is not UTF-8 text${place}${what}`,
    isDamaged
      ? `drop what is broken: ${command(source, 'iconv -c -f UTF-8 -t UTF-8')}`
      : `convert it: ${command(source, `iconv -f ${nameOf(encoding)} -t UTF-8`)}`,
  );
}

function nameOf(encoding: Encoding | undefined): string {
  return encoding?.iconv ?? '<its encoding>';
}

function command({ path }: TextSource, convert: string): string {
  return path === undefined ? `… | ${convert} | orx …` : `${convert} ${quoted(path)} > converted.txt`;
}

/** As a shell takes it. */
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
