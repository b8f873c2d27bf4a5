import type { Model } from '../../src/apis/catalogue.ts';
import { decodeModel } from '../../src/apis/openrouter/decode-catalogue.ts';

/** Returns a catalogue entry in the API's format. */
export function wireModel(
  id: string,
  prices: { in?: string; out?: string } = {},
  more: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    id,
    canonical_slug: id,
    name: `Author: ${id}`,
    created: 1_780_000_000,
    context_length: 131_072,
    architecture: { input_modalities: ['text'], output_modalities: ['text'] },
    pricing: { prompt: prices.in ?? '0.00000027', completion: prices.out ?? '0.0000011' },
    top_provider: { context_length: 131_072, max_completion_tokens: 16_384 },
    supported_parameters: ['temperature'],
    ...more,
  };
}

/** Returns the same entry, decoded. */
export function makeModel(id: string, prices: { in?: string; out?: string } = {}, more: Record<string, unknown> = {}): Model {
  const model = decodeModel(wireModel(id, prices, more));
  if (model === undefined) throw new Error(`not a model: ${id}`);
  return model;
}

/** Returns the `architecture` of a model with these outputs. */
export function outputs(...names: string[]): { architecture: unknown } {
  return { architecture: { input_modalities: ['text'], output_modalities: names } };
}
