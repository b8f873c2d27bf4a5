import { decodeCredits, decodeGeneration, decodeKey } from '../apis/openrouter/decode-account.ts';
import { decodeCatalogue, decodeEndpoint, decodeModelEndpoints } from '../apis/openrouter/decode-catalogue.ts';
import { decodeStream } from '../apis/chat-completions/decode-stream.ts';
import type { Catalogue } from '../apis/catalogue.ts';
import { type ChatRequest, type CompletionEvent, type StreamOptions } from '../apis/completion.ts';
import { messageText } from '../apis/message.ts';
import type { Api } from '../apis/api.ts';
import { requireOutput, simulatedEmbed, simulatedRerank } from './answer-vectors.ts';
import { chargeFor, type Tokens } from './charge.ts';
import { Generations, type GenerationOutcome } from './generations.ts';
import { type Plan, planAnswer } from './plan.ts';
import { hashText, seededRandom } from './random.ts';
import { notFound } from './refusals.ts';
import { routeRequest } from './route-request.ts';
import { catalogueBody, findFacts, wireEndpoints, wireZdrEndpoints } from './catalogue.ts';
import type { SandboxClock } from './clock.ts';
import { type Delivery, type Progress, sendAnswer } from './send-answer.ts';
import { specialRefusal } from './special-refusal.ts';
import { specialName } from './special-models.ts';

export interface SandboxOptions {
  clock: SandboxClock;
  /** Divides all simulated waits: 1 is realistic (the default), a very high number removes them. */
  speed?: number | undefined;
}

/**
 * Returns an API that sends no requests: a catalogue of real facts, and generated answers that are marked as simulated.
 * Everything about an answer except its id depends only on the request. Failures are those of the real API, created by the same
 * decoder. See docs/sandbox.md.
 */
export function createSandboxApi({ clock, speed = 1 }: SandboxOptions): Api {
  const generations = new Generations();
  const seenPrompts = new Set<number>();
  let count = 0;
  let catalogue: Catalogue | undefined;

  function isFirstTime(request: ChatRequest): boolean {
    const hash = hashText(JSON.stringify(request.messages));
    if (seenPrompts.delete(hash)) return false;
    seenPrompts.add(hash);
    return true;
  }

  function plan(request: ChatRequest): Plan {
    const prompt = lastText(request);
    const route = routeRequest(request, (asked) => {
      const special = specialName(asked.id);
      return specialRefusal(special, prompt, special === 'fails-once' && isFirstTime(request));
    });
    const special = specialName(route.asked.id);
    const createdMs = clock.now();
    count += 1;
    return {
      id: generationId(createdMs, count),
      createdMs,
      special,
      ...route,
      ...planAnswer(request, route, special),
    };
  }

  async function* streamCompletion(request: ChatRequest, options: StreamOptions = {}): AsyncGenerator<CompletionEvent> {
    const { signal, includeChunks } = options;
    signal?.throwIfAborted();
    const planned = plan(request);
    requireOutput(planned, 'text');
    const start = clock.monotonic();
    const progress: Progress = { pieces: 0, hasImage: false, firstMs: undefined };
    let end: GenerationOutcome['end'] = 'canceled';
    const account: Delivery['account'] = () => {
      const tokens = tokensOf(planned, progress);
      return { tokens, charge: chargeFor(planned.model, planned.endpoint, end === 'failed' ? NO_TOKENS : tokens) };
    };
    const includeRouting = options.includeRouting === true;
    const items = sendAnswer({ plan: planned, clock, speed, signal, progress, includeRouting, account });
    try {
      for await (const event of decodeStream(items, { includeChunks, requestId: planned.id })) {
        if (event.type === 'response-end') end = 'finished';
        yield event.type === 'heartbeat' ? { type: 'heartbeat', generationId: planned.id } : event;
      }
    } catch (error) {
      // An answer that the provider breaks off is not billed; one that the client cancels is.
      if (signal?.aborted !== true) end = 'failed';
      throw error;
    } finally {
      const durationMs = clock.monotonic() - start;
      const latencyMs = progress.firstMs ?? durationMs;
      generations.add({ plan: planned, streamed: request.stream, end, latencyMs, durationMs, ...account() });
    }
  }

  return {
    id: 'sandbox',
    streamCompletion,
    embed: simulatedEmbed({ clock, speed, generations, plan }),
    rerank: simulatedRerank({ clock, speed, generations, plan }),
    mostInputs: async (_, of) => (of === 'embed' ? 2048 : 1000),
    catalogue: {
      listModels: async () => (catalogue ??= decodeCatalogue(catalogueBody())),
      // The catalogue does not change while orx runs.
      listModelsSince: async () => (catalogue ??= decodeCatalogue(catalogueBody())),
    },
    endpoints: {
      async listEndpoints(model) {
        const facts = findFacts(model);
        if (facts === undefined) throw notFound(`Model ${model} not found`);
        const wire = wireEndpoints(facts);
        return { endpoints: wire.endpoints.map(decodeEndpoint).filter((endpoint) => endpoint !== undefined), wire };
      },
      listZdrEndpoints: async () => ({ endpoints: decodeModelEndpoints(wireZdrEndpoints()) }),
    },
    account: {
      getKey: async () => decodeKey(generations.wireKey()),
      getCredits: async () => decodeCredits(generations.wireCredits()),
    },
    async getGeneration(id) {
      const wire = generations.find(id);
      if (wire === undefined) throw notFound(`Generation ${id} not found`);
      return decodeGeneration(wire);
    },
  };
}

function lastText({ messages }: ChatRequest): string {
  const last = messages.at(-1);
  return last === undefined ? '' : messageText(last);
}

const NO_TOKENS: Tokens = { prompt: 0, completion: 0, reasoning: 0, image: 0 };

function tokensOf(plan: Plan, progress: Progress): Tokens {
  const image = progress.hasImage ? (plan.image?.tokens ?? 0) : 0;
  const reasoning = Math.min(progress.pieces, plan.reasoning.length);
  return { prompt: plan.promptTokens, completion: progress.pieces + image, reasoning, image };
}

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Returns an id like OpenRouter's, `gen-<unix seconds>-<twenty letters>`, different for every answer of a process. */
function generationId(createdMs: number, count: number): string {
  const random = seededRandom(hashText(`${createdMs} ${count}`));
  const tail = Array.from({ length: 20 }, () => LETTERS[Math.floor(random() * LETTERS.length)]).join('');
  return `gen-${Math.floor(createdMs / 1000)}-${tail}`;
}
