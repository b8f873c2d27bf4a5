import type { ChatRequest, RoutingPreferences } from '../apis/completion.ts';
import type { Embed, EmbeddingInput, EmbedOptions } from '../apis/embeddings.ts';
import type { Rerank } from '../apis/rerank.ts';
import { type Decimal, decimal, decimalText } from '../decimal.ts';
import { chargeFor } from './charge.ts';
import type { SandboxClock } from './clock.ts';
import type { Generations } from './generations.ts';
import type { ModelFacts } from './model-facts.ts';
import { simulatedLatencyMs } from './pace.ts';
import type { Plan } from './plan.ts';
import { refusal } from './refusals.ts';
import { servedModel, wireAmount } from './wire-chunks.ts';
import { countPieces } from './token-pieces.ts';
import { simulatedRelevance, simulatedVector } from './vectors.ts';

interface Simulation {
  clock: SandboxClock;
  speed: number;
  generations: Generations;
  /** Routes a request and gives it an id. */
  plan: (request: ChatRequest) => Plan;
}

/** Of special models, which have no vectors of their own. */
const DIMENSIONS = 1536;
const DOCUMENTS_PER_SEARCH = 100;
const LONGEST_WAIT_MS = 60_000;

/** Throws the API's error if a model does not offer what is requested. Special models offer everything. */
export function requireOutput(
  { model, special }: Pick<Plan, 'model' | 'special'>,
  wanted: 'text' | 'embeddings' | 'rerank',
): void {
  const outputs = model.output ?? ['text'];
  if (special !== undefined || outputs.includes(wanted)) return;
  throw refusal({
    code: 400,
    message: `${model.id} is not a model for ${wanted}. Its output is: ${outputs.join(', ')}.`,
    metadata: { error_type: 'invalid_request' },
  });
}

/** Returns embeddings that depend only on the texts, after the time that the endpoint takes. */
export function simulatedEmbed(simulation: Simulation): Embed {
  return async ({ model, inputs, dimensions, routing }, options = {}) => {
    const texts = inputs.map(textOf);
    const tokens = texts.map(countPieces);
    const planned = simulation.plan(promptOf(model, longest(texts, tokens), routing));
    requireOutput(planned, 'embeddings');
    const size = vectorSize(planned.model, dimensions);
    const prompt = sum(tokens);
    const { total } = chargeFor(planned.model, planned.endpoint, { prompt, completion: 0, reasoning: 0, image: 0 });
    const facts = await answer(simulation, planned, options, { prompt, cost: total });
    return {
      ...facts,
      vectors: texts.map((text) => simulatedVector(text, size)),
      usage: {
        promptTokens: prompt,
        completionTokens: 0,
        totalTokens: prompt,
        cost: decimalText(total),
        wire: { prompt_tokens: prompt, total_tokens: prompt, cost: wireAmount(total) },
      },
    };
  };
}

/** Returns a ranking that depends only on the texts. */
export function simulatedRerank(simulation: Simulation): Rerank {
  return async ({ model, query, documents, top, routing }, options = {}) => {
    const tokens = documents.map((document) => countPieces(`${query}\n${document}`));
    const planned = simulation.plan(promptOf(model, `${query}\n${longest(documents, tokens)}`, routing));
    requireOutput(planned, 'rerank');
    const searchUnits = Math.ceil(documents.length / DOCUMENTS_PER_SEARCH);
    const cost = decimal(planned.model.searchPrice ?? '0').times(searchUnits);
    const facts = await answer(simulation, planned, options, { prompt: sum(tokens), cost });
    const results = documents
      .map((document, index) => ({ index, score: simulatedRelevance(query, document) }))
      .sort((one, other) => other.score - one.score || one.index - other.index);
    return {
      ...facts,
      results: results.slice(0, top),
      usage: {
        promptTokens: 0,
        completionTokens: 0,
        totalTokens: 0,
        searchUnits,
        cost: decimalText(cost),
        wire: { search_units: searchUnits, cost: wireAmount(cost) },
      },
    };
  };
}

/** Waits as long as the endpoint takes, records the generation, and returns the facts of the reply. */
async function answer(
  { clock, speed, generations }: Simulation,
  planned: Plan,
  { signal, onAccepted }: EmbedOptions,
  { prompt, cost }: { prompt: number; cost: Decimal },
): Promise<{ id: string; model: string; provider: string }> {
  signal?.throwIfAborted();
  onAccepted?.(planned.id);
  const start = clock.monotonic();
  let end: 'finished' | 'canceled' = 'canceled';
  try {
    // A special model that never answers.
    while (planned.special === 'silence') await clock.sleep(LONGEST_WAIT_MS, signal);
    await clock.sleep(simulatedLatencyMs(planned.endpoint, planned.special) / speed, signal);
    end = 'finished';
  } finally {
    const durationMs = clock.monotonic() - start;
    const charge = { prompt: cost, completion: decimal(0), total: cost };
    const tokens = { prompt, completion: 0, reasoning: 0, image: 0 };
    generations.add({ plan: planned, streamed: false, tokens, charge, end, latencyMs: durationMs, durationMs });
  }
  return { id: planned.id, model: servedModel(planned), provider: planned.endpoint.provider };
}

function vectorSize({ id, dimensions: most = DIMENSIONS }: ModelFacts, asked = most): number {
  if (asked <= most) return asked;
  throw refusal({
    code: 400,
    message: `${id} has at most ${most} dimensions. You requested ${asked}.`,
    metadata: { error_type: 'invalid_request' },
  });
}

/** The limit of a model applies to each text. */
function longest(texts: readonly string[], tokens: readonly number[]): string {
  return texts[tokens.indexOf(Math.max(...tokens))] ?? '';
}

function promptOf(model: string, content: string, routing: RoutingPreferences | undefined): ChatRequest {
  return { model, messages: [{ role: 'user', content }], stream: false, maxTokens: 0, routing };
}

function textOf(input: EmbeddingInput): string {
  return typeof input === 'string' ? input : input.join(' ');
}

function sum(counts: readonly number[]): number {
  return counts.reduce((total, count) => total + count, 0);
}
