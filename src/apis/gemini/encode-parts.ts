import { usageError } from '../../errors.ts';
import type { ContentPart, Message } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { parseDataUrl } from '../wire/data-url.ts';

/** A part of a content in Google's form. */
export type GeminiPart = Readonly<Record<string, unknown>>;

/** Media types of audio formats that differ from `audio/<format>`. */
const AUDIO_TYPES: Readonly<Record<string, string>> = { mp3: 'audio/mp3', m4a: 'audio/mp4', aif: 'audio/aiff', oga: 'audio/ogg' };

/** Encodes the parts of a user message or a tool result. Omits empty texts, because Google rejects them. */
export function encodeParts(content: Message['content'], vendor: Vendor): GeminiPart[] {
  if (typeof content === 'string') return content === '' ? [] : [{ text: content }];
  return content.map((part) => encodePart(part, vendor)).filter((part) => part !== undefined);
}

function encodePart(part: ContentPart, vendor: Vendor): GeminiPart | undefined {
  switch (part.type) {
    case 'text':
      return part.text === '' ? undefined : { text: part.text };
    case 'audio':
      return { inlineData: { mimeType: AUDIO_TYPES[part.format] ?? `audio/${part.format}`, data: part.data } };
    case 'file':
      return encodeMedium(part.url, part.name, vendor);
    case 'image':
    case 'video':
      return encodeMedium(part.url, undefined, vendor);
  }
}

/** Throws a usage error for a URL that Google does not read itself. */
function encodeMedium(url: string, name: string | undefined, vendor: Vendor): GeminiPart {
  const inline = parseDataUrl(url);
  if (inline !== undefined) return { inlineData: inline };
  if (isReadable(url, vendor)) return { fileData: { fileUri: url } };
  throw usageError(`${vendor.label} cannot download ${name ?? url.slice(0, 200)}`, {
    shell: 'download it, then attach the file: -a FILE',
    session: 'download it, then attach the file: /attach FILE',
  });
}

const YOUTUBE = /^https:\/\/(www\.)?(youtube\.com\/watch\?|youtu\.be\/)/i;

/** Returns whether Google reads a URL itself: its own files, Google Cloud buckets and YouTube videos. */
function isReadable(url: string, { baseUrl }: Vendor): boolean {
  return (
    url.startsWith('https://generativelanguage.googleapis.com/v1beta/files/') ||
    url.startsWith(`${baseUrl}/files/`) ||
    url.startsWith('gs://') ||
    YOUTUBE.test(url)
  );
}
