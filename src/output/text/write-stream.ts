import type { Writable } from 'node:stream';

/** In UTF-16 units. Longer text is written in pieces, so that it is not in memory a second time as bytes. */
const LONGEST_AT_ONCE = 64 * 1024;

/** Writes text, and waits while the reader is slower. Does nothing once the stream is destroyed, because nobody reads it. */
export async function write(stream: Writable, text: string): Promise<void> {
  for (let at = 0; at < text.length && !stream.destroyed;) {
    const end = wholeEnd(text, at + LONGEST_AT_ONCE);
    const isTaken = stream.write(at === 0 && end >= text.length ? text : text.slice(at, end));
    at = end;
    if (!isTaken) await drained(stream);
  }
}

/** Like `write`, for bytes, which reach a pipe or a file unchanged. */
export async function writeBytes(stream: Writable, bytes: Uint8Array): Promise<void> {
  if (!stream.destroyed && !stream.write(bytes)) await drained(stream);
}

async function drained(stream: Writable): Promise<void> {
  if (stream.destroyed) return;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      stream.off('drain', done);
      stream.off('close', done);
      resolve();
    };
    stream.once('drain', done);
    stream.once('close', done);
  });
}

/** Returns where to cut a text: `place`, or the position before it if a surrogate pair would be split. */
export function wholeEnd(text: string, place: number): number {
  const before = text.charCodeAt(place - 1);
  return place < text.length && before >= 0xd800 && before <= 0xdbff ? place - 1 : place;
}
