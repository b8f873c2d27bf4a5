import { StringDecoder } from 'node:string_decoder';
import { STATUS_CODES } from 'node:http';
import type { RawReply } from '../../apis/raw-call.ts';
import { type OrxError, usageError } from '../../errors.ts';
import { maskKey } from '../../output/text/error.ts';
import { write, writeBytes } from '../../output/text/write-stream.ts';
import { indentJson } from '../../text/indent-json.ts';
import { isJson } from '../../text/is-json.ts';
import type { Context } from '../context.ts';

/** Longest body that is shown with indentation, in UTF-16 units; a longer one is shown as it is. */
const MOST_JSON = 64 * 1024 * 1024;
/** Shorter keys may be ordinary words. */
const SHORTEST_KEY = 8;

/** Paths whose replies are audio or video. */
const BINARY = /^(?:audio\/speech|videos\/[^/]+\/content|files\/[^/]+\/content)$/;

/** Throws a usage error before a request whose reply a terminal cannot show. */
export function refuseBinary(path: string | undefined, { terminal: { streams } }: Context): void {
  if (streams.stdout.isTTY && path !== undefined && BINARY.test(path)) throw binaryError(path);
}

/**
 * Writes a reply to standard output: unchanged in a pipe, as visible text on a terminal, where JSON gets indentation. Returns the
 * text of the body if `keepsText` is set.
 */
export async function showReply(
  reply: RawReply,
  { showsHead, keepsText }: { showsHead: boolean; keepsText: boolean },
  context: Context,
): Promise<string> {
  const { stdout } = context.terminal.streams;
  if (showsHead) await write(stdout, stdout.isTTY ? masked(headText(reply), context) : headText(reply));
  if (stdout.isTTY) return showText(reply, context);
  const pieces: Uint8Array[] = [];
  let last = 0x0a;
  for await (const piece of reply.body) {
    if (keepsText) pieces.push(piece);
    last = piece.at(-1) ?? last;
    await writeBytes(stdout, piece);
  }
  // Pages follow each other, one JSON text after the other.
  if (keepsText && last !== 0x0a) await write(stdout, '\n');
  return Buffer.concat(pieces).toString('utf8');
}

async function showText(reply: RawReply, context: Context): Promise<string> {
  const { stdout } = context.terminal.streams;
  const type = reply.headers['content-type'] ?? '';
  if (!isText(type)) throw binaryError(type);
  const decoder = new StringDecoder('utf8');
  const isWhole = !type.includes('event-stream');
  let text = '';
  for await (const piece of reply.body) {
    text += decoder.write(piece);
    if (isWhole && text.length <= MOST_JSON) continue;
    // Lines are complete, so that a key is not split.
    const end = text.lastIndexOf('\n') + 1;
    await write(stdout, masked(text.slice(0, end), context));
    text = text.slice(end);
  }
  text += decoder.end();
  const shown = masked(isJson(text) ? indentJson(text) : text, context);
  await write(stdout, shown === '' || shown.endsWith('\n') ? shown : `${shown}\n`);
  return text;
}

/** Masks the user's own key, which a server may repeat. A key that the API has just made is what the user asked for. */
function masked(text: string, { terminal: { secrets } }: Context): string {
  return secrets
    .filter(({ length }) => length >= SHORTEST_KEY)
    .reduce((rest, secret) => rest.replaceAll(secret, () => maskKey(secret)), text);
}

function headText({ status, headers }: RawReply): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  return `${[`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(), ...lines, '', ''].join('\n')}`;
}

function isText(type: string): boolean {
  return type === '' || /^text\/|\bjson\b|\bxml\b|x-www-form-urlencoded/.test(type);
}

function binaryError(what: string): OrxError {
  return usageError(`a terminal cannot show this response (${what})`, 'write it to a file: orx api PATH > FILE');
}
