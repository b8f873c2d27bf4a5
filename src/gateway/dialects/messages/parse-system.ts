import type { ContentPart, Message } from '../../../apis/message.ts';
import { badRequest } from '../../bad-request.ts';
import type { Fields } from '../fields.ts';
import { parseCacheControl } from './parse-cache-control.ts';

/**
 * Claude Code puts a line for Anthropic's billing before its instructions. It differs in every request, so no cache of another
 * vendor would ever match the prompt. Source: github.com/anthropics/claude-code/issues/68900.
 */
const ACCOUNTING_LINE = /^x-anthropic-billing-header:[^\n]*\n*/;

/** Returns the instructions of a request, as at most one message. */
export function parseSystem(fields: Fields): readonly Message[] {
  const content = systemContent(fields, 'system');
  return content.length === 0 ? [] : [{ role: 'system', content }];
}

/** Accepts text, or blocks of text. */
export function systemContent(fields: Fields, name: string): Message['content'] {
  const system = fields.get(name);
  if (system === undefined) return '';
  if (typeof system === 'string') return withoutAccounting(system);
  return fields.objects(name).flatMap((block): ContentPart[] => {
    if (block.text('type') !== 'text') throw badRequest(`${block.place('type')} must be text`);
    const text = withoutAccounting(block.text('text') ?? '');
    const cacheControl = parseCacheControl(block);
    return text === '' ? [] : [{ type: 'text', text, ...(cacheControl !== undefined && { cacheControl }) }];
  });
}

function withoutAccounting(text: string): string {
  return text.replace(ACCOUNTING_LINE, '');
}
