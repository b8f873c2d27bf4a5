import type { ReasoningPart } from '../../apis/message.ts';
import { type FieldValues, isFields } from './fields.ts';

/**
 * Reasoning of any vendor, sealed in a field that clients return unread: `encrypted_content` of the Responses API,
 * `thoughtSignature` of Gemini. Contains the parts as the vendor requires them back, and the model that created them.
 */
export interface SealedReasoning {
  parts: readonly ReasoningPart[];
  /** The model that reasoned. */
  answeredBy?: string | undefined;
}

/** The length is a multiple of three, so that all seals have the same prefix in base64. */
const MARK = 'orx-reasoning:1';
const MARK_LENGTH = (MARK.length / 3) * 4;
const KINDS: ReadonlySet<unknown> = new Set(['text', 'summary', 'encrypted', 'other']);
const TEXTS = ['text', 'encrypted', 'signature', 'format', 'id'] as const;

/** Returns the seal as base64, because Google's clients check the encoding of signatures. */
export function sealReasoning({ parts, answeredBy }: SealedReasoning): string {
  return Buffer.from(`${MARK}${JSON.stringify({ parts, answeredBy })}`).toString('base64');
}

/** Returns undefined for other text, such as the vendor's own encryption, and for a damaged seal. */
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

/** Validates a part, because the client may have changed it. */
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
