import type { ContentPart, Message } from '../../../apis/message.ts';
import { badRequest } from '../../bad-request.ts';
import { type Fields, isFields } from '../fields.ts';

/** Parses the content of a message or a tool result: text, or a list of parts. */
export function parseItemContent(item: Fields, name: string): Message['content'] {
  const content = item.get(name);
  if (content === undefined) return '';
  if (typeof content === 'string') return content;
  const parts = item.objects(name).map(parsePart);
  return parts.every((part) => part.type === 'text' && part.cacheControl === undefined)
    ? parts.map((part) => (part as { text: string }).text).join('')
    : parts;
}

function parsePart(part: Fields): ContentPart {
  const type = part.text('type');
  switch (type) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: part.text('text') ?? '', ...cacheMark(part) };
    case 'refusal':
      return { type: 'text', text: part.text('refusal') ?? '' };
    case 'input_image':
      return { type: 'image', url: addressOf(part, 'image_url') };
    case 'input_video':
      return { type: 'video', url: addressOf(part, 'video_url') };
    case 'input_file':
      return parseFile(part);
    case 'input_audio': {
      const audio = part.object('input_audio') ?? part;
      return { type: 'audio', data: audio.requiredText('data'), format: audio.requiredText('format') };
    }
    default:
      throw badRequest(`${part.place('type')} must be one of input_text, input_image, input_file, input_audio, output_text`);
  }
}

/** Parses OpenRouter's marker at the end of a prefix worth caching. */
function cacheMark(part: Fields): { cacheControl?: { type: 'ephemeral'; ttl?: '5m' | '1h' } } {
  const mark = part.object('cache_control');
  if (mark === undefined) return {};
  const ttl = mark.text('ttl');
  return { cacheControl: { type: 'ephemeral', ...((ttl === '5m' || ttl === '1h') && { ttl }) } };
}

/** Returns a URL given as text or in the form of chat completions. */
function addressOf(part: Fields, name: string): string {
  refuseStoredFile(part);
  const value = part.get(name);
  const url = isFields(value) ? value['url'] : value;
  if (typeof url !== 'string' || url === '') throw badRequest(`${part.place(name)} is missing; send a URL or a data: URL`);
  return url;
}

function parseFile(part: Fields): ContentPart {
  refuseStoredFile(part);
  const data = part.text('file_data');
  const address = part.text('file_url');
  const name = part.text('filename') ?? nameIn(address) ?? 'file';
  if (data !== undefined)
    return { type: 'file', name, url: data.startsWith('data:') ? data : `data:${typeOf(name)};base64,${data}` };
  if (address === undefined) throw badRequest(`${part.place()} contains no file; send file_data or file_url`);
  return { type: 'file', name, url: address };
}

function refuseStoredFile(part: Fields): void {
  if (part.get('file_id') === undefined) return;
  throw badRequest(`${part.place('file_id')} is not supported: nothing is stored here; send the file itself`);
}

function nameIn(address: string | undefined): string | undefined {
  const last = address?.split(/[?#]/)[0]?.split('/').at(-1);
  return last === '' ? undefined : last;
}

function typeOf(name: string): string {
  return name.toLowerCase().endsWith('.txt') ? 'text/plain' : 'application/pdf';
}
