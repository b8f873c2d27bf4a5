import { bytesText } from '../../text/bytes.ts';
import { usageError } from '../../errors.ts';
import type { ContentPart } from '../../apis/message.ts';
import { type MediaType, mediaType, refusedType } from './media-type.ts';

const MEGABYTE = 1024 * 1024;

/** Largest size in bytes by kind of media: more than providers accept. */
const LARGEST: Readonly<Record<MediaType['kind'], number>> = {
  image: 20 * MEGABYTE,
  document: 50 * MEGABYTE,
  audio: 50 * MEGABYTE,
  video: 100 * MEGABYTE,
};
/** Largest size in bytes of any media file that orx reads. */
export const LARGEST_MEDIUM = 100 * MEGABYTE;
/** Largest total size in bytes of the media of one message: memory holds several copies of a request. */
export const LARGEST_MESSAGE = 150 * MEGABYTE;

/**
 * Returns the content part for a media file. The content decides the type, not the name. Throws kind `usage` if the type is not supported or the
 * file is too large.
 */
export function attachmentPart(name: string, bytes: Buffer): ContentPart {
  const type = mediaType(bytes);
  if (type === undefined) throw notTaken(name, bytes);
  if (bytes.length > LARGEST[type.kind]) {
    throw usageError(`${name} is larger than ${bytesText(LARGEST[type.kind])}, the maximum for ${articled(type.kind)}`);
  }
  const data = bytes.toString('base64');
  const url = `data:${type.mime};base64,${data}`;
  switch (type.kind) {
    case 'image':
      return { type: 'image', url };
    case 'document':
      return { type: 'file', name: baseName(name), url };
    case 'audio':
      return { type: 'audio', data, format: type.extension };
    case 'video':
      return { type: 'video', url };
  }
}

function notTaken(name: string, bytes: Buffer): Error {
  if (bytes.length === 0) return usageError(`${name} is empty`);
  const known = refusedType(bytes);
  if (known !== undefined)
    return usageError(`${name} is ${known}, which no model accepts`, 'attach an image, PDF, audio or video');
  const isBinary = bytes.subarray(0, 4096).includes(0);
  return isBinary
    ? usageError(
        `${name} is of an unsupported type`,
        'attach an image (PNG, JPEG, WebP, GIF), a PDF, audio (such as mp3) or video (such as mp4)',
      )
    : usageError(`${name} is text, not an image, PDF, audio or video`, {
        shell: `add it as text: -f ${name}`,
        session: `add it as text: /attach ${name}`,
      });
}

function articled(kind: MediaType['kind']): string {
  return { image: 'an image', document: 'a document', audio: 'audio', video: 'a video' }[kind];
}

/** The name that the model sees, without the path of the file. */
function baseName(name: string): string {
  return name.split(/[\\/]/).findLast((piece) => piece !== '') ?? name;
}
