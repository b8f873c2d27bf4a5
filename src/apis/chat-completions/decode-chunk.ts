import { decodeAnnotations } from '../annotations.ts';
import type { CompletionEvent } from '../completion.ts';
import { decodeReasoningDetails } from '../reasoning-details.ts';
import type { CallPiece } from '../tool-call-pieces.ts';
import { asArray, asNumber, asObject, asText, type WireObject } from '../wire/wire-value.ts';

/**
 * Adds the visible pieces of a `delta` (streamed) or `message` (whole reply) to `events`, in reading order. Reasoning arrives in
 * two fields with the same text: the details are used when they contain text, else the plain field.
 */
export function decodeDelta(delta: WireObject, calls: readonly CallPiece[], events: CompletionEvent[]): void {
  const reasoning = reasoningText(delta);
  if (reasoning !== undefined) events.push({ type: 'reasoning-delta', text: reasoning });
  const details = asArray(delta['reasoning_details']);
  if (details.length > 0) events.push({ type: 'reasoning-parts', parts: decodeReasoningDetails(details) });
  const audio = asObject(delta['audio']);
  // The text of a spoken answer is only in its transcript.
  const said = contentText(delta['content']);
  const refusal = said === undefined ? asText(delta['refusal']) : undefined;
  const text = said ?? refusal ?? asText(audio?.['transcript']);
  if (text !== undefined) events.push({ type: 'text-delta', text, ...(refusal !== undefined && { isRefusal: true }) });
  for (const { slot, ...piece } of calls) events.push({ type: 'tool-call-delta', index: slot, ...piece });
  for (const item of asArray(delta['images'])) {
    const url = asText(asObject(asObject(item)?.['image_url'])?.['url']);
    if (url !== undefined) events.push({ type: 'image', url });
  }
  const data = asText(audio?.['data']);
  if (data !== undefined) events.push({ type: 'audio', data });
  for (const annotation of decodeAnnotations(asArray(delta['annotations']))) {
    events.push({ type: 'annotation', annotation });
  }
}

/** Returns the `response-start` event, from any chunk or whole reply. */
export function decodeStart(wire: WireObject, requestId: string | undefined): CompletionEvent {
  return {
    type: 'response-start',
    id: asText(wire['id']) ?? requestId ?? '',
    model: asText(wire['model']) ?? '',
    provider: asText(wire['provider']),
    created: asNumber(wire['created']),
  };
}

function reasoningText(delta: WireObject): string | undefined {
  let text = '';
  for (const item of asArray(delta['reasoning_details'])) {
    const detail = asObject(item);
    text += asText(detail?.['text']) ?? asText(detail?.['summary']) ?? '';
  }
  return asText(text) ?? asText(delta['reasoning']) ?? asText(delta['reasoning_content']);
}

function contentText(content: unknown): string | undefined {
  if (typeof content === 'string') return asText(content);
  const parts = asArray(content).map((part) => asText(asObject(part)?.['text']) ?? '');
  return asText(parts.join(''));
}
