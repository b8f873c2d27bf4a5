import { exactJson, parseExact } from '../exact-json.ts';
import { callItems, type CallPiece, ToolCallPieces } from '../providers/tool-call-pieces.ts';

type Wire = Record<string, unknown>;

interface ToolCall {
  id?: unknown;
  type: 'function';
  function: { name: string; arguments: string };
}

/**
 * The one body of a completion that was not asked for as a stream: the provider's whole reply as it came, or its chunks put
 * together in OpenRouter's order of fields.
 */
export function wholeReply(chunks: readonly string[]): string {
  const [first] = chunks;
  // Within JSON text a quote of a string is escaped, so this can only be the field itself.
  if (first !== undefined && chunks.length === 1 && /"object"\s*:\s*"chat\.completion"/.test(first)) return first;
  return exactJson(foldChunks(chunks.map((chunk) => parseExact(chunk) as Wire)));
}

function foldChunks(chunks: readonly Wire[]): Wire {
  const message = new MessageFold();
  let head: Wire = {};
  let usage: unknown;
  let metadata: unknown;
  let tier: unknown = null;
  let fingerprint: unknown = null;
  let finishReason: unknown = null;
  let nativeFinishReason: unknown = null;
  for (const chunk of chunks) {
    if (head['id'] === undefined) head = chunk;
    usage = chunk['usage'] ?? usage;
    metadata = chunk['openrouter_metadata'] ?? metadata;
    tier = chunk['service_tier'] ?? tier;
    fingerprint = chunk['system_fingerprint'] ?? fingerprint;
    const choice = list(chunk['choices'])[0];
    if (choice === undefined) continue;
    finishReason = choice['finish_reason'] ?? finishReason;
    nativeFinishReason = choice['native_finish_reason'] ?? nativeFinishReason;
    message.add((choice['delta'] ?? {}) as Wire);
  }
  return {
    id: head['id'] ?? '',
    object: 'chat.completion',
    created: head['created'] ?? 0,
    model: head['model'] ?? '',
    provider: head['provider'],
    system_fingerprint: fingerprint,
    service_tier: tier,
    choices: [
      { index: 0, logprobs: null, finish_reason: finishReason, native_finish_reason: nativeFinishReason, message: message.end() },
    ],
    usage,
    openrouter_metadata: metadata,
  };
}

class MessageFold {
  #content: string | null = null;
  #reasoning: string | null = null;
  #refusal: string | null = null;
  readonly #details: Wire[] = [];
  readonly #pieces = new ToolCallPieces();
  readonly #calls: ToolCall[] = [];
  readonly #images: unknown[] = [];
  readonly #annotations: unknown[] = [];

  add(delta: Wire): void {
    if (typeof delta['content'] === 'string') this.#content = (this.#content ?? '') + delta['content'];
    if (typeof delta['reasoning'] === 'string') this.#reasoning = (this.#reasoning ?? '') + delta['reasoning'];
    if (typeof delta['refusal'] === 'string') this.#refusal = (this.#refusal ?? '') + delta['refusal'];
    for (const detail of list(delta['reasoning_details'])) this.#addDetail(detail);
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
      ...(this.#details.length === 0 ? {} : { reasoning_details: this.#details }),
      ...(this.#calls.length === 0 ? {} : { tool_calls: this.#calls }),
      ...(this.#images.length === 0 ? {} : { images: this.#images }),
      ...(this.#annotations.length === 0 ? {} : { annotations: this.#annotations }),
    };
  }

  // Pieces of one running text are one item; a signature comes with the last of them.
  #addDetail(detail: Wire): void {
    const last = this.#details.at(-1);
    const field = detail['type'] === 'reasoning.text' ? 'text' : detail['type'] === 'reasoning.summary' ? 'summary' : undefined;
    if (last === undefined || field === undefined || last['type'] !== detail['type'] || last['index'] !== detail['index']) {
      this.#details.push({ ...detail });
      return;
    }
    last[field] = text(last[field]) + text(detail[field]);
    last['signature'] ??= detail['signature'];
    last['format'] ??= detail['format'];
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

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
