import type { ReasoningPart } from '../../../apis/message.ts';
import type { Fields } from '../fields.ts';
import { openReasoning } from '../sealed-reasoning.ts';
import { ANTHROPIC_REASONING } from './names.ts';

export interface ParsedThinking {
  parts: readonly ReasoningPart[];
  answeredBy?: string | undefined;
}

/**
 * Returns the reasoning of an earlier answer: Anthropic's own, or that of another vendor, which is sealed in the signature field.
 */
export function parseThinking(block: Fields, index: number): ParsedThinking {
  const data = block.text('data');
  const signature = block.text('signature') ?? '';
  const sealed = openReasoning(data ?? signature);
  if (sealed !== undefined) return sealed;
  if (data !== undefined) return { parts: [{ kind: 'encrypted', encrypted: data, format: ANTHROPIC_REASONING, index }] };
  // No vendor accepts unsigned reasoning back.
  if (signature === '') return { parts: [] };
  return {
    parts: [{ kind: 'text', text: block.text('thinking') ?? '', signature, format: ANTHROPIC_REASONING, index }],
  };
}
