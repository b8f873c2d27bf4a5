import { randomUUID } from 'node:crypto';
import { encodeAnnotations } from '../../../apis/annotations.ts';
import type { CompletionEvent, Usage } from '../../../apis/completion.ts';
import { encodeReasoningDetails } from '../../../apis/reasoning-details.ts';
import type { EncoderOptions } from '../served-dialect.ts';

type Wire = Readonly<Record<string, unknown>>;
type ChunkOptions = Pick<EncoderOptions, 'seconds' | 'routerMetadata'>;

/**
 * Encodes the events of an answer as chunks of `/chat/completions` in OpenRouter's form. Used for an API whose chunks have
 * another form; chunks that have this form (`chunk` events) are forwarded unchanged. The last chunk contains the usage and the
 * finish reason.
 */
export class ChunkEncoder {
  readonly #options: ChunkOptions;
  #head: Wire = {};
  #usage: Usage | undefined;
  /** Reasoning that is held back because its parts may follow. */
  #reasoning: string | undefined;
  #hasParts = true;

  /** `model` is the requested one, used when the API does not state which one answers. */
  constructor(model: string, options: ChunkOptions) {
    this.#options = options;
    this.#head = this.#headOf({ id: '', model });
  }

  /**
   * Returns chunks as JSON text; none for an event that is not sent, or not yet. Reasoning and its parts have the same content
   * and so go into one chunk: clients that read the parts would otherwise show it twice.
   */
  encode(event: CompletionEvent): readonly string[] {
    if (event.type === 'reasoning-parts' && this.#reasoning !== undefined) {
      const reasoning = this.#reasoning;
      this.#reasoning = undefined;
      return [this.#chunk({ content: '', reasoning, ...deltaOf(event) })];
    }
    const waiting = this.rest();
    if (event.type === 'reasoning-delta' && this.#hasParts) {
      this.#reasoning = event.text;
      return waiting;
    }
    const chunk = this.#encodeOne(event);
    return chunk === undefined ? waiting : [...waiting, chunk];
  }

  /** Returns the reasoning that was held back for parts that have not come. Further reasoning of this answer is not held back. */
  rest(): readonly string[] {
    if (this.#reasoning === undefined) return [];
    const reasoning = this.#reasoning;
    this.#reasoning = undefined;
    this.#hasParts = false;
    return [this.#chunk({ content: '', reasoning })];
  }

  #encodeOne(event: CompletionEvent): string | undefined {
    switch (event.type) {
      case 'response-start':
        this.#head = this.#headOf({ ...event, model: event.model === '' ? String(this.#head['model']) : event.model });
        return undefined;
      case 'usage':
        this.#usage = event.usage;
        return undefined;
      case 'response-end':
        return this.#chunk(event.isRefusal === true ? { content: '', refusal: '' } : { content: '' }, {
          finish_reason: event.finishReason ?? 'stop',
          native_finish_reason: event.nativeFinishReason ?? event.finishReason ?? null,
        });
      default: {
        const delta = deltaOf(event);
        return delta === undefined ? undefined : this.#chunk({ content: '', ...delta });
      }
    }
  }

  #headOf(start: { id: string; model: string; provider?: string | undefined; created?: number | undefined }): Wire {
    return {
      id: start.id === '' ? `gen-${randomUUID()}` : start.id,
      object: 'chat.completion.chunk',
      created: start.created ?? this.#options.seconds(),
      model: start.model,
      // JSON omits an undefined value. The last three are set in copies: see copy-with.ts.
      provider: start.provider,
      choices: undefined,
      usage: undefined,
      openrouter_metadata: undefined,
    };
  }

  #chunk(delta: Wire, end: Wire = { finish_reason: null, native_finish_reason: null }): string {
    const isLast = end['finish_reason'] !== null;
    return JSON.stringify({
      ...this.#head,
      choices: [{ index: 0, delta: { role: 'assistant', ...delta }, ...end, logprobs: null }],
      usage: isLast && this.#usage !== undefined ? encodeUsage(this.#usage) : undefined,
      openrouter_metadata: isLast ? this.#options.routerMetadata?.() : undefined,
    });
  }
}

/** Returns undefined for an event without a chunk. */
function deltaOf(event: CompletionEvent): Wire | undefined {
  switch (event.type) {
    case 'text-delta':
      return { content: event.text };
    case 'reasoning-delta':
      return { reasoning: event.text };
    case 'reasoning-parts': {
      const details = encodeReasoningDetails(event.parts);
      return details.length === 0 ? undefined : { reasoning_details: details };
    }
    case 'tool-call-delta': {
      const { index, id, name, arguments: given } = event;
      return { tool_calls: [{ index, id, type: 'function', function: { name, arguments: given } }] };
    }
    case 'image':
      return { images: [{ type: 'image_url', image_url: { url: event.url } }] };
    case 'audio':
      return { audio: { data: event.data } };
    case 'annotation': {
      const annotations = encodeAnnotations([event.annotation]);
      return annotations.length === 0 ? undefined : { annotations };
    }
    default:
      return undefined;
  }
}

/** Encodes counts in OpenRouter's form, whatever their form in the API. */
export function encodeUsage(usage: Usage): Wire {
  return {
    prompt_tokens: usage.promptTokens,
    completion_tokens: usage.completionTokens,
    total_tokens: usage.totalTokens,
    ...(usage.cost !== undefined && { cost: Number(usage.cost) }),
    ...(usage.isByok !== undefined && { is_byok: usage.isByok }),
    ...(usage.upstreamCost !== undefined && { cost_details: { upstream_inference_cost: Number(usage.upstreamCost) } }),
    prompt_tokens_details: { cached_tokens: usage.cachedTokens ?? 0, cache_write_tokens: usage.cacheWriteTokens ?? 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens ?? 0 },
  };
}
