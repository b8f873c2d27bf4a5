import type { ContentPart } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { unsupported } from '../wire/direct-request.ts';

/** A content block of a message in the API's form. */
export type ContentBlock = Record<string, unknown>;

const IMAGE_TYPES = /^image\/(png|jpeg|gif|webp)$/;
const TEXT_TYPES = /^(text\/|application\/(json|xml|yaml|x-yaml|javascript)$)/;
const DATA_URL = /^data:([^;,]*)((?:;[^;,]*)*),/i;
const KINDS = 'use an image (PNG, JPEG, GIF, WebP), a PDF or text';

/**
 * Returns the blocks of a message's content. Omits blank texts, because the API rejects them. Throws a usage error for content
 * that the API cannot read.
 */
export function encodeContent(content: string | readonly ContentPart[], vendor: Vendor): ContentBlock[] {
  if (typeof content === 'string') return isWhiteSpace(content) ? [] : [{ type: 'text', text: content }];
  return content.map((part) => encodeBlock(part, vendor)).filter((block) => block !== undefined);
}

export function encodeImage(url: string, vendor: Vendor): ContentBlock {
  const { mediaType, base64 } = splitDataUrl(url) ?? {};
  if (mediaType === undefined || base64 === undefined)
    return { type: 'image', source: { type: 'url', url: webUrl(url, vendor) } };
  if (!IMAGE_TYPES.test(mediaType)) throw unsupported(`images of type ${mediaType}`, vendor, KINDS);
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: base64() } };
}

function encodeBlock(part: ContentPart, vendor: Vendor): ContentBlock | undefined {
  switch (part.type) {
    case 'text':
      if (isWhiteSpace(part.text)) return undefined;
      return { type: 'text', text: part.text, ...(part.cacheControl !== undefined && { cache_control: part.cacheControl }) };
    case 'image':
      return encodeImage(part.url, vendor);
    case 'file':
      return encodeFile(part, vendor);
    case 'audio':
    case 'video':
      throw unsupported(part.type, vendor, KINDS);
  }
}

function encodeFile({ name, url }: { name: string; url: string }, vendor: Vendor): ContentBlock {
  const title = name === '' ? {} : { title: name };
  const { mediaType, base64 } = splitDataUrl(url) ?? {};
  if (mediaType === undefined || base64 === undefined)
    return { type: 'document', source: { type: 'url', url: webUrl(url, vendor) }, ...title };
  if (mediaType.startsWith('image/')) return encodeImage(url, vendor);
  if (mediaType === 'application/pdf')
    return { type: 'document', source: { type: 'base64', media_type: mediaType, data: base64() }, ...title };
  if (!TEXT_TYPES.test(mediaType)) throw unsupported(`files of type ${mediaType}`, vendor, KINDS);
  const data = Buffer.from(base64(), 'base64').toString('utf8');
  return { type: 'document', source: { type: 'text', media_type: 'text/plain', data }, ...title };
}

function webUrl(url: string, vendor: Vendor): string {
  if (/^https?:\/\//i.test(url)) return url;
  throw unsupported('this URL of an attachment', vendor, 'use an http or https URL, or attach the file itself');
}

/** The base64 is created lazily: it may be as large as the attachment. */
function splitDataUrl(url: string): { mediaType: string; base64: () => string } | undefined {
  const [head, type = '', parameters = ''] = DATA_URL.exec(url.slice(0, 1024)) ?? [];
  if (head === undefined) return undefined;
  const isBase64 = /;base64$/i.test(parameters);
  const data = (): string => url.slice(head.length);
  return {
    mediaType: type === '' ? 'text/plain' : type.toLowerCase(),
    base64: () => (isBase64 ? data() : percentDecoded(data()).toString('base64')),
  };
}

/** Keeps `%` characters that do not begin a valid escape. */
function percentDecoded(text: string): Buffer {
  const latin = Buffer.from(text, 'utf8').toString('latin1');
  return Buffer.from(
    latin.replaceAll(/%([\da-f]{2})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16))),
    'latin1',
  );
}

export function isWhiteSpace(text: string): boolean {
  return !/\S/.test(text);
}
