import type { CompletionEvent } from '../completion.ts';
import { asArray, asCount, asNumber, asObject, asText, type WireObject } from './wire-value.ts';

/**
 * Adds the visible pieces of one `delta` (streamed) or `message` (whole reply) to `events`, in the order in which they are to be read.
 * Reasoning arrives in two fields that say the same: the details count when they hold text, else the plain field.
 */
export function decodeDelta(delta: WireObject, toolIndex: ToolIndex, events: CompletionEvent[]): void {
  const reasoning = reasoningText(delta);
  if (reasoning !== undefined) events.push({ type: 'reasoning-delta', text: reasoning });
  const details = asArray(delta['reasoning_details']);
  if (details.length > 0) events.push({ type: 'reasoning-details', items: details });
  const audio = asObject(delta['audio']);
  // A spoken answer has its words in the transcript alone.
  const text = contentText(delta['content']) ?? asText(delta['refusal']) ?? asText(audio?.['transcript']);
  if (text !== undefined) events.push({ type: 'text-delta', text });
  for (const item of asArray(delta['tool_calls'])) {
    const call = asObject(item);
    if (call !== undefined) events.push(toolIndex.decode(call));
  }
  for (const item of asArray(delta['images'])) {
    const url = asText(asObject(asObject(item)?.['image_url'])?.['url']);
    if (url !== undefined) events.push({ type: 'image', url });
  }
  const sound = asText(audio?.['data']);
  if (sound !== undefined) events.push({ type: 'audio', data: sound });
  for (const annotation of asArray(delta['annotations'])) {
    if (asObject(annotation) !== undefined) events.push({ type: 'annotation', annotation });
  }
}

/** Gives every piece of a tool call its index: a piece may lack it, or a whole call may come without one. */
export class ToolIndex {
  #last = -1;
  readonly #ids = new Map<number, string>();

  decode(call: WireObject): CompletionEvent {
    const wireFunction = asObject(call['function']);
    const id = asText(call['id']);
    const index = asCount(call['index']) ?? this.#guess(id);
    this.#last = Math.max(this.#last, index);
    if (id !== undefined && !this.#ids.has(index)) this.#ids.set(index, id);
    return {
      type: 'tool-call-delta',
      index,
      id,
      name: asText(wireFunction?.['name']),
      arguments: argumentsText(wireFunction?.['arguments']),
    };
  }

  #guess(id: string | undefined): number {
    if (this.#last < 0) return 0;
    return id !== undefined && this.#ids.get(this.#last) !== id ? this.#last + 1 : this.#last;
  }
}

/** Who answers, from any chunk or whole reply. */
export function decodeStart(wire: WireObject, requestId: string | undefined): CompletionEvent {
  return {
    type: 'response-start',
    id: asText(wire['id']) ?? requestId ?? '',
    model: asText(wire['model']) ?? '',
    provider: asText(wire['provider']),
    created: asNumber(wire['created']),
  };
}

/** Arguments are JSON text; some upstreams send the object itself. */
function argumentsText(value: unknown): string {
  if (typeof value === 'string') return value;
  return asObject(value) === undefined ? '' : JSON.stringify(value);
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
