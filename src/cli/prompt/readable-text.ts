import { mediaType, refusedType } from '../../core/request/media-type.ts';
import { usageError } from '../../errors.ts';
import { attachHint } from '../../hints.ts';
import { STANDARD_INPUT, type TextSource, utf8Text, withoutMark } from '../../text/utf8.ts';

/**
 * Returns bytes as text. `charset` is the label that a server sent; default: UTF-8. Throws kind `usage` with the reason for bytes
 * that are not text in their encoding.
 */
export function readableText(source: TextSource, bytes: Uint8Array, charset?: string): string {
  const { name, path } = source;
  const type = mediaType(bytes);
  if (type !== undefined)
    throw usageError(
      `${name} is ${type.mime}, not text`,
      attachHint('attach it', path ?? (name === STANDARD_INPUT ? '-' : name)),
    );
  const known = refusedType(bytes);
  const decoder = decoderFor(charset);
  if (decoder === undefined || known !== undefined) return textUnless(known, source, bytes);
  try {
    return withoutMark(decoder.decode(bytes));
  } catch {
    throw usageError(`${name} is not ${charset ?? 'UTF-8'} text, although its server states that charset`, {
      shell: 'download it, convert it to UTF-8, then add the file: -f FILE',
      session: 'download it, convert it to UTF-8, then attach the file: /attach FILE',
    });
  }
}

/** Some texts begin like a known file type: report the type only for bytes that are not text. */
function textUnless(known: string | undefined, source: TextSource, bytes: Uint8Array): string {
  try {
    return utf8Text(source, bytes);
  } catch (error) {
    throw known === undefined ? error : usageError(`${source.name} is ${known}, not text`);
  }
}

/** Returns undefined for UTF-8, and for a label that is not an encoding. */
function decoderFor(charset = 'utf-8'): InstanceType<typeof TextDecoder> | undefined {
  try {
    const decoder = new TextDecoder(charset, { fatal: true });
    return decoder.encoding === 'utf-8' ? undefined : decoder;
  } catch {
    return undefined;
  }
}
