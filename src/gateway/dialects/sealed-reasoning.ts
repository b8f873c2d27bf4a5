import type { ReasoningPart } from '../../apis/message.ts';
import { type FieldValues, isFields } from './fields.ts';

/**
 * Reasoning of any vendor inside of a field that clients give back unread: `encrypted_content` of the Responses API, `thoughtSignature` of
 * Gemini. It holds the parts as the vendor wants them back, and which model gave them.
 */
export interface SealedReasoning {
  parts: readonly ReasoningPart[];
  /** The model that reasoned. */
  answeredBy?: string | undefined;
}

/** Its length is a multiple of three, so that all seals begin alike in base64. */
const MARK = 'orx-reasoning:1';
const MARK_LENGTH = (MARK.length / 3) * 4;
const KINDS: ReadonlySet<unknown> = new Set(['text', 'summary', 'encrypted', 'other']);
const TEXTS = ['text', 'encrypted', 'signature', 'format', 'id'] as const;

/** Returns base64: Google's clients check that a signature is that. */
export function sealReasoning({ parts, answeredBy }: SealedReasoning): string {
  return Buffer.from(`${MARK}${JSON.stringify({ parts, answeredBy })}`).toString('base64');
}

/** Undefined for what is not sealed, such as the vendor's own encryption, and for a seal that somebody has broken. */
export function openReasoning(sealed: string): SealedReasoning | undefined {
  if (Buffer.from(sealed.slice(0, MARK_LENGTH), 'base64').toString() !== MARK) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(sealed.slice(MARK_LENGTH), 'base64').toString());
  } catch {
    return undefined;
  }
  if (!isFields(value) || !Array.isArray(value['parts'])) return undefined;
  const { answeredBy } = value;
  return { parts: value['parts'].flatMap(partOf), ...(typeof answeredBy === 'string' && { answeredBy }) };
}

/** Reads a part again: the client had it in its hands. */
function partOf(value: unknown): ReasoningPart[] {
  if (!isFields(value) || !KINDS.has(value['kind'])) return [];
  const part: { -readonly [Key in keyof ReasoningPart]: ReasoningPart[Key] } = { kind: value['kind'] as ReasoningPart['kind'] };
  for (const name of TEXTS) {
    const text = value[name];
    if (typeof text === 'string') part[name] = text;
  }
  if (typeof value['index'] === 'number') part.index = value['index'];
  if (isFields(value['apiData'])) part.apiData = value['apiData'] satisfies FieldValues;
  return [part];
}
