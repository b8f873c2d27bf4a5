import type { AttachmentKind, ChatDeviations } from '../chat-deviations.ts';
import type { ContentPart } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from '../wire/direct-request.ts';

const DEFAULT_KINDS: readonly AttachmentKind[] = ['image', 'file', 'audio'];
const NAMES: Readonly<Record<AttachmentKind, string>> = {
  image: 'images',
  file: 'PDFs and other files',
  audio: 'audio',
  video: 'video',
};

/** Encodes a part of a user message. Throws a usage error for an attachment that the vendor does not support. */
export function encodeUserPart(part: ContentPart, vendor: Vendor, deviations: ChatDeviations): unknown {
  if (part.type === 'text') return { type: 'text', text: part.text };
  const { attachments = DEFAULT_KINDS, hasMistralParts = false } = deviations;
  if (!attachments.includes(part.type)) {
    throw unsupported(NAMES[part.type], vendor, 'remove the attachment, or find a model that reads it: orx models');
  }
  switch (part.type) {
    case 'image':
      return { type: 'image_url', image_url: { url: part.url } };
    case 'file':
      if (hasMistralParts) return { type: 'document_url', document_url: part.url, document_name: part.name };
      if (/^https?:/i.test(part.url)) {
        throw unsupported('files by URL', vendor, `download it, then attach the file: ${part.url}`);
      }
      return { type: 'file', file: { filename: part.name, file_data: part.url } };
    case 'audio':
      return { type: 'input_audio', input_audio: hasMistralParts ? part.data : { data: part.data, format: part.format } };
    case 'video':
      return { type: 'video_url', video_url: { url: part.url } };
  }
}
