import { decodeReasoningDetails, encodeReasoningDetails } from '../../../apis/reasoning-details.ts';
import type { ReasoningPart } from '../../../apis/message.ts';
import { addReasoningParts } from '../../../core/answer/reasoning-parts.ts';
import { exactJson, parseExact } from '../../../text/exact-json.ts';
import { callItems, type CallPiece, ToolCallPieces } from '../../../apis/tool-call-pieces.ts';

type Wire = Record<string, unknown>;

interface ToolCall {
  id?: unknown;
  type: 'function';
  function: { name: string; arguments: string };
}

/**
 * Returns the body of a completion without streaming: the provider's whole reply unchanged, or its merged chunks in OpenRouter's
 * order of fields.
 */
export function wholeReply(chunks: readonly string[]): string {
  const [first] = chunks;
  // Quotes inside a JSON string are escaped, so this is the field itself.
  if (first !== undefined && chunks.length === 1 && /"object"\s*:\s*"chat\.completion"/.test(first)) return first;
  return exactJson(foldChunks(chunks.map((chunk) => parseExact(chunk) as Wire)));
}

function foldChunks(chunks: readonly Wire[]): Wire {
  let head: Wire = {};
  let usage: unknown;
  let metadata: unknown;
  let tier: unknown = null;
  let fingerprint: unknown = null;
  const answers = new Map<unknown, AnswerFold>();
  for (const chunk of chunks) {
    if (head['id'] === undefined) head = chunk;
    usage = chunk['usage'] ?? usage;
    metadata = chunk['openrouter_metadata'] ?? metadata;
    tier = chunk['service_tier'] ?? tier;
    fingerprint = chunk['system_fingerprint'] ?? fingerprint;
    for (const choice of list(chunk['choices'])) {
      const index = choice['index'] ?? 0;
      const answer = answers.get(index) ?? noAnswer();
      answers.set(index, answer);
      answer.finishReason = choice['finish_reason'] ?? answer.finishReason;
      answer.nativeFinishReason = choice['native_finish_reason'] ?? answer.nativeFinishReason;
      answer.message.add((choice['delta'] ?? {}) as Wire);
    }
  }
  if (answers.size === 0) answers.set(0, noAnswer());
  return {
    id: head['id'] ?? '',
    object: 'chat.completion',
    created: head['created'] ?? 0,
    model: head['model'] ?? '',
    provider: head['provider'],
    system_fingerprint: fingerprint,
    service_tier: tier,
    choices: [...answers].map(([index, { message, finishReason, nativeFinishReason }]) => ({
      index,
      logprobs: null,
      finish_reason: finishReason,
      native_finish_reason: nativeFinishReason,
      message: message.end(),
    })),
    usage,
    openrouter_metadata: metadata,
  };
}

interface AnswerFold {
  message: MessageFold;
  finishReason: unknown;
  nativeFinishReason: unknown;
}

function noAnswer(): AnswerFold {
  return { message: new MessageFold(), finishReason: null, nativeFinishReason: null };
}

class MessageFold {
  #content: string | null = null;
  #reasoning: string | null = null;
  #refusal: string | null = null;
  #parts: readonly ReasoningPart[] = [];
  readonly #pieces = new ToolCallPieces();
  readonly #calls: ToolCall[] = [];
  readonly #images: unknown[] = [];
  readonly #annotations: unknown[] = [];

  add(delta: Wire): void {
    if (typeof delta['content'] === 'string') this.#content = (this.#content ?? '') + delta['content'];
    if (typeof delta['reasoning'] === 'string') this.#reasoning = (this.#reasoning ?? '') + delta['reasoning'];
    if (typeof delta['refusal'] === 'string') this.#refusal = (this.#refusal ?? '') + delta['refusal'];
    this.#parts = addReasoningParts(this.#parts, decodeReasoningDetails(list(delta['reasoning_details'])));
    for (const piece of this.#pieces.add(callItems(delta))) this.#addCall(piece);
    this.#images.push(...list(delta['images']));
    this.#annotations.push(...list(delta['annotations']));
  }

  end(): Wire {
    return {
      role: 'assistant',
      content: this.#content,
      refusal: this.#refusal,
      reasoning: this.#reasoning,
      ...(this.#parts.length === 0 ? {} : { reasoning_details: encodeReasoningDetails(this.#parts) }),
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
      ...(this.#images.length === 0 ? {} : { images: this.#images }),
      ...(this.#annotations.length === 0 ? {} : { annotations: this.#annotations }),
    };
  }

  #addCall({ slot, id, name, arguments: given }: CallPiece): void {
    const call = (this.#calls[slot] ??= { id: undefined, type: 'function', function: { name: '', arguments: '' } });
    call.id = id ?? call.id;
    call.function.name = name ?? call.function.name;
    call.function.arguments += given;
  }
}

function list(value: unknown): Wire[] {
  return Array.isArray(value) ? (value as Wire[]) : [];
}
