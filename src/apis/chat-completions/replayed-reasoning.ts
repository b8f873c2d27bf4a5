import type { ChatDeviations } from '../chat-deviations.ts';
import type { Message, ReasoningPart } from '../message.ts';
import type { Vendor } from '../vendors.ts';
import { asObject, asText } from '../wire/wire-value.ts';

/** Formats of parts without a vendor: plain text that any model of the family can read. */
const PLAIN_FORMATS: ReadonlySet<string | undefined> = new Set([undefined, 'unknown']);

/**
 * Returns an earlier answer's reasoning in the form that the vendor reads: in a field of the message, or as parts of its content.
 * Only plain text and parts that this vendor signed are sent back. A message field is sent only with tool calls, where vendors
 * require it; they ignore it elsewhere.
 */
export function replayedReasoning(
  message: Message,
  vendor: Vendor,
  { replaysReasoningAs: place, demandsReasoning }: ChatDeviations,
): { fields: Readonly<Record<string, string>>; parts: readonly unknown[] } {
  if (place === undefined) return { fields: {}, parts: [] };
  const own = (message.reasoningParts ?? []).filter((part) => isReadable(part, vendor));
  if (place === 'thinking-part') return { fields: {}, parts: own.map(thinkingPart) };
  if (message.toolCalls === undefined || message.toolCalls.length === 0) return { fields: {}, parts: [] };
  const text =
    asText(own.map((part) => part.text).join('')) ?? fieldOfClient(message) ?? (demandsReasoning === true ? '' : undefined);
  return { fields: text === undefined ? {} : { [place]: text }, parts: [] };
}

function isReadable({ kind, text, format, signature }: ReasoningPart, { name }: Vendor): boolean {
  if (kind !== 'text' && kind !== 'summary') return false;
  if (text === undefined || text === '') return false;
  return format === name || (PLAIN_FORMATS.has(format) && signature === undefined);
}

function thinkingPart({ text, signature }: ReasoningPart): unknown {
  return { type: 'thinking', thinking: [{ type: 'text', text }], ...(signature !== undefined && { signature }) };
}

/** Returns the plain field in which a client of the gateway sent the reasoning back. */
function fieldOfClient({ apiData }: Message): string | undefined {
  const wire = asObject(apiData?.['openrouter']);
  return asText(wire?.['reasoning_content']) ?? asText(wire?.['reasoning']);
}
