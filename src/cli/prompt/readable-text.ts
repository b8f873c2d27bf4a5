import { mediaType, refusedType } from '../../core/request/media-type.ts';
import { usageError } from '../../errors.ts';
import { STANDARD_INPUT, type TextSource, utf8Text, withoutMark } from '../../text/utf8.ts';

/**
 * Bytes as text. `charset` is the label that a server gave with them; without one they are UTF-8. Throws kind `usage`, with the reason, for what
 * is not text in its encoding.
 */
export function readableText(source: TextSource, bytes: Uint8Array, charset?: string): string {
  const { name, path } = source;
  const type = mediaType(bytes);
  if (type !== undefined)
    throw usageError(`${name} is ${type.mime}, not text`, `attach it: -a ${path ?? (name === STANDARD_INPUT ? '-' : name)}`);
  const known = refusedType(bytes);
  const decoder = decoderFor(charset);
  if (decoder === undefined || known !== undefined) return textUnless(known, source, bytes);
  try {
    return withoutMark(decoder.decode(bytes));
  } catch {
    throw usageError(
      `${name} is not ${charset ?? 'UTF-8'} text, although its server says so`,
      'download it, convert it to UTF-8, then add the file: -f FILE',
    );
  }
}

/** Some words begin like a file of a known kind: only what is not text is called one. */
function textUnless(known: string | undefined, source: TextSource, bytes: Uint8Array): string {
  try {
    return utf8Text(source, bytes);
  } catch (error) {
    throw known === undefined ? error : usageError(`${source.name} is ${known}, not text`);
  }
}

/** Undefined for UTF-8, and for a label that names no encoding. */
function decoderFor(charset = 'utf-8'): InstanceType<typeof TextDecoder> | undefined {
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return decoder.encoding === 'utf-8' ? undefined : decoder;
  } catch {
    return undefined;
  }
}
