import type { ChatRequest, CompletionEvent, StreamOptions } from '../../src/apis/completion.ts';
import type { Api } from '../../src/apis/api.ts';
import { decodeCatalogue } from '../../src/apis/openrouter/decode-catalogue.ts';

export interface Scripted extends Api {
  /** The requests, in order. */
  asked: { request: ChatRequest; options: StreamOptions }[];
}

type Script = (request: ChatRequest, options: StreamOptions) => AsyncIterable<CompletionEvent> | Iterable<CompletionEvent>;

/** Returns a provider that plays a test's script. `catalogueBody` is its catalogue. */
export function scriptedProvider(script: Script, catalogueBody = '{"data":[]}'): Scripted {
  const asked: Scripted['asked'] = [];
  return {
    id: 'scripted',
    asked,
    async *streamCompletion(request, options = {}) {
      asked.push({ request, options });
      yield* script(request, options);
    },
    catalogue: {
      listModels: async () => decodeCatalogue(catalogueBody),
      listModelsSince: async () => decodeCatalogue(catalogueBody),
    },
    endpoints: {
      listEndpoints: async (model) => ({ endpoints: [], wire: { id: model, endpoints: [] } }),
      listZdrEndpoints: async () => ({ endpoints: [] }),
    },
    account: {
      getKey: async () => ({ wire: { label: 'scripted' } }),
      getCredits: async () => ({ wire: { total_credits: 1, total_usage: 0 } }),
    },
    getGeneration: async (id) => ({ id, wire: { id } }),
  };
}

/** Returns one wire chunk as JSON text. */
export function wireChunk(
  delta: Record<string, unknown>,
  finishReason: string | null = null,
  extra: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    id: 'gen-1',
    object: 'chat.completion.chunk',
    created: 1_780_000_000,
    model: 'test/model',
    provider: 'Test',
    choices: [{ index: 0, delta, finish_reason: finishReason, native_finish_reason: finishReason }],
    ...extra,
  });
}

export const START: CompletionEvent = { type: 'response-start', id: 'gen-1', model: 'test/model', created: 1_780_000_000 };
