import type { Readable } from 'node:stream';

const MAX_CHARACTERS = 64 * 1024;

/**
 * Returns the first non-blank line of a stream, trimmed, or "" when its first 64 K have none. Ignores what password managers
 * print after the secret. Rejects with the signal's reason.
 */
export async function readFirstLine(stream: Readable, signal: AbortSignal): Promise<string> {
  let text = '';
  const onAbort = (): void => void stream.destroy(signal.reason as Error);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    stream.setEncoding('utf8');
    for await (const piece of stream) {
      text = (text + String(piece)).replace(/^\ufeff?\s+/, '');
      if (/[\r\n]/.test(text) || text.length > MAX_CHARACTERS) break;
    }
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
  return text.length > MAX_CHARACTERS ? '' : (/^\ufeff?(.*)/.exec(text)?.[1]?.trim() ?? '');
}
