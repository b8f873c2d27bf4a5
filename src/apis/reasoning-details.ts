import type { ReasoningPart } from './message.ts';
import { anyText } from '../text/any-text.ts';

/**
 * Converts OpenRouter's `reasoning_details`, which the gateway and `--json` also use, to reasoning parts and back. The round trip
 * preserves an item: what has no field in a part stays in `apiData`.
 */
const API = 'openrouter';

type Item = Readonly<Record<string, unknown>>;

const KINDS = {
  'reasoning.text': { kind: 'text', content: 'text' },
  'reasoning.summary': { kind: 'summary', content: 'summary' },
  'reasoning.encrypted': { kind: 'encrypted', content: 'data' },
} as const;
const CONTENT = { text: 'text', summary: 'summary', encrypted: 'data' } as const;
const TYPES = { text: 'reasoning.text', summary: 'reasoning.summary', encrypted: 'reasoning.encrypted' } as const;
/** Text fields of both forms; absent when empty. */
const TEXTS = ['signature', 'format', 'id'] as const;

export function decodeReasoningDetails(items: readonly unknown[]): readonly ReasoningPart[] {
  return items.map(decodeItem);
}

/** Omits parts that only another API understands. */
export function encodeReasoningDetails(parts: readonly ReasoningPart[]): readonly unknown[] {
  return parts.map(encodePart).filter((item) => item !== undefined);
}

function decodeItem(item: unknown): ReasoningPart {
  if (!isItem(item) || !Object.hasOwn(KINDS, anyText(item['type']))) return { kind: 'other', apiData: { [API]: item } };
  const { kind, content } = KINDS[anyText(item['type']) as keyof typeof KINDS];
  const { type: _, ...rest } = item as Record<string, unknown>;
  const part: { -readonly [Key in keyof ReasoningPart]: ReasoningPart[Key] } = { kind };
  if (typeof rest[content] === 'string') {
    part[kind === 'encrypted' ? 'encrypted' : 'text'] = rest[content];
    delete rest[content];
  }
  for (const name of TEXTS) {
    const text = rest[name];
    if (typeof text !== 'string' || text === '') continue;
    part[name] = text;
    delete rest[name];
  }
  if (typeof rest['index'] === 'number') {
    part.index = rest['index'];
    delete rest['index'];
  }
  return Object.keys(rest).length === 0 ? part : { ...part, apiData: { [API]: rest } };
}

function encodePart(part: ReasoningPart): unknown {
  const own = part.apiData?.[API];
  if (part.kind === 'other') return own;
  const content = part.kind === 'encrypted' ? part.encrypted : part.text;
  const { signature, format, id, index } = part;
  const known = { [CONTENT[part.kind]]: content, signature, format, id, index };
  return {
    type: TYPES[part.kind],
    ...(isItem(own) ? own : {}),
    ...Object.fromEntries(Object.entries(known).filter(([, value]) => value !== undefined)),
  };
}

function isItem(value: unknown): value is Item {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
