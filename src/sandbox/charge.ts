import { type Decimal, decimal } from '../decimal.ts';
import type { EndpointFacts, ModelFacts } from './model-facts.ts';
import { endpointPrices } from './catalogue.ts';

export interface Tokens {
  prompt: number;
  /** Includes reasoning and image tokens. */
  completion: number;
  reasoning: number;
  image: number;
}

export interface Charge {
  prompt: Decimal;
  completion: Decimal;
  total: Decimal;
}

/**
 * Returns the exact cost of these tokens at this endpoint. Above the long-prompt limit, its prices apply to the whole prompt and
 * answer.
 */
export function chargeFor(model: ModelFacts, endpoint: EndpointFacts, tokens: Tokens): Charge {
  const base: Readonly<Record<string, string>> = endpointPrices(model, endpoint);
  const { longPrompt } = model;
  const prices = longPrompt !== undefined && tokens.prompt > longPrompt.above ? { ...base, ...longPrompt.prices } : base;
  const price = (name: string, otherwise: string): Decimal => decimal(prices[name] ?? prices[otherwise] ?? 0);
  const plain = tokens.completion - tokens.reasoning - tokens.image;
  const prompt = price('prompt', 'prompt').times(tokens.prompt).plus(price('request', ''));
  const completion = price('completion', 'completion')
    .times(plain)
    .plus(price('internal_reasoning', 'completion').times(tokens.reasoning))
    .plus(price('image_output', 'completion').times(tokens.image));
  return { prompt, completion, total: prompt.plus(completion) };
}
