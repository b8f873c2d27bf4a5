import type { ContentPart, Message } from '../../../apis/message.ts';
import { badRequest } from '../../bad-request.ts';
import type { Fields } from '../fields.ts';
import { parseCacheControl } from './parse-cache-control.ts';

/** Returns the blocks of a message as parts. Adds blocks without a counterpart to `untranslated`. */
export function parseContent(blocks: readonly Fields[], untranslated: string[]): readonly ContentPart[] {
  return blocks.flatMap((block): readonly ContentPart[] => {
    const type = block.text('type');
    switch (type) {
      case 'text':
        return textPart(block, block.text('text') ?? '');
      case 'image':
        return parseImage(block, untranslated);
      case 'document':
        return parseDocument(block, untranslated);
      case 'search_result':
        return textPart(block, searchResultText(block));
      // The list of tools already contains the loaded tool.
      case 'tool_reference':
        return [];
      case undefined:
        throw badRequest(`${block.place('type')} is missing`);
      default:
        untranslated.push(`blocks of the type ${type}`);
        return [];
    }
  });
}

/** Returns the result of a call as a tool message. */
export function parseResult(block: Fields, untranslated: string[]): Message {
  const content = block.get('content');
  const parts =
    typeof content === 'string'
      ? [{ type: 'text', text: content } as const]
      : parseContent(block.objects('content'), untranslated);
  return {
    role: 'tool',
    content: plainContent(withMarker(block.flag('is_error') === true ? withError(parts) : parts, block)),
    toolCallId: block.requiredText('tool_use_id'),
  };
}

export function holdsNoText(text: string): boolean {
  return !/\S/.test(text);
}

function textPart(block: Fields, text: string): readonly ContentPart[] {
  const cacheControl = parseCacheControl(block);
  return [{ type: 'text', text, ...(cacheControl !== undefined && { cacheControl }) }];
}

function parseImage(block: Fields, untranslated: string[]): readonly ContentPart[] {
  const source = block.object('source');
  switch (source?.text('type')) {
    case 'base64':
      return [{ type: 'image', url: dataUrl(source) }];
    case 'url':
      return [{ type: 'image', url: source.requiredText('url') }];
    default:
      untranslated.push(`images from ${sourceName(source)}`);
      return [];
  }
}

function parseDocument(block: Fields, untranslated: string[]): readonly ContentPart[] {
  const source = block.object('source');
  const name = block.text('title') ?? '';
  switch (source?.text('type')) {
    case 'base64':
      return [{ type: 'file', name: name === '' ? 'document.pdf' : name, url: dataUrl(source) }];
    case 'url':
      return [{ type: 'file', name, url: source.requiredText('url') }];
    // Every model reads text, and few read files.
    case 'text':
      return textPart(block, documentText(name, block.text('context'), source.text('data') ?? ''));
    case 'content': {
      const content = source.get('content');
      if (typeof content === 'string') return textPart(block, documentText(name, block.text('context'), content));
      const heading = documentText(name, block.text('context'), '');
      return [
        ...(heading === '' ? [] : [{ type: 'text', text: heading } as const]),
        ...parseContent(source.objects('content'), untranslated),
      ];
    }
    default:
      untranslated.push(`documents from ${sourceName(source)}`);
      return [];
  }
}

function dataUrl(source: Fields): string {
  return `data:${source.requiredText('media_type')};base64,${source.requiredText('data')}`;
}

function sourceName(source: Fields | undefined): string {
  return `a source of the type ${source?.text('type') ?? '(none)'}`;
}

function documentText(title: string, context: string | undefined, text: string): string {
  return [title, context ?? '', text].filter((line) => line !== '').join('\n\n');
}

function searchResultText(block: Fields): string {
  const texts = block.objects('content').map((part) => part.text('text') ?? '');
  return [block.text('title') ?? '', block.text('source') ?? '', ...texts].filter((line) => line !== '').join('\n\n');
}

/** Other vendors have no field for a failed tool, so the text must state it. */
function withError(parts: readonly ContentPart[]): readonly ContentPart[] {
  const says = parts.some((part) => part.type === 'text' && /error|fail|exception/i.test(part.text));
  return says ? parts : [{ type: 'text', text: 'Error:' }, ...parts];
}

/** Puts the cache marker of a block on the last of its texts. */
function withMarker(parts: readonly ContentPart[], block: Fields): readonly ContentPart[] {
  const cacheControl = parseCacheControl(block);
  const last = parts.findLastIndex(({ type }) => type === 'text');
  if (cacheControl === undefined) return parts;
  return parts.map((part, index) => (index === last && part.type === 'text' ? { ...part, cacheControl } : part));
}

/** Returns a string when there is only text: some hosts do not accept a list. */
export function plainContent(parts: readonly ContentPart[]): Message['content'] {
  if (parts.length === 0) return '';
  const [only] = parts;
  return parts.length === 1 && only?.type === 'text' && only.cacheControl === undefined ? only.text : parts;
}
