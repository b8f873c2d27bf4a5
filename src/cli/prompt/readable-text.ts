import { mediaType, refusedType } from '../../core/prompt-parts/media-type.ts';
import { usageError } from '../../errors.ts';

/** More unreadable characters than this in a thousand: it is no text in this encoding. */
const MOST_UNREADABLE = 20;

/** Bytes as text. `encoding` is a label such as a server gives; UTF-8 by default. Throws kind `usage`, with the reason, for what is no text. */
export function readableText(name: string, bytes: Uint8Array, encoding?: string): string {
  const type = mediaType(bytes);
  if (type !== undefined) throw usageError(`${name} is ${type.mime}, no text`, `attach it with: -a ${name}`);
  const known = refusedType(bytes);
  const text = decoderFor(encoding).decode(bytes);
  if (text.includes('\0'))
    throw usageError(`${name} is not text${known === undefined ? ': it holds zero bytes' : ` but ${known}`}`);
  const unreadable = text.match(/\ufffd/g)?.length ?? 0;
  if (unreadable * 1000 > text.length * MOST_UNREADABLE) {
    throw usageError(
      `${name} is not text in ${encoding ?? 'UTF-8'}${known === undefined ? '' : ` but ${known}`}`,
      'convert it, for example with: iconv -t utf-8',
    );
  }
  return text;
}

function decoderFor(encoding: string | undefined): InstanceType<typeof TextDecoder> {
  try {
    return new TextDecoder(encoding);
  } catch {
    return new TextDecoder();
  }
}
