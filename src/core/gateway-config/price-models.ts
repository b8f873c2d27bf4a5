import type { Model, Pricing } from '../../apis/catalogue.ts';

/** Returns the models with the prices of the configuration, which win over all others, and adds models that only the configuration lists. */
export function priceModels(models: readonly Model[], prices: ReadonlyMap<string, Pricing>): readonly Model[] {
  if (prices.size === 0) return models;
  const left = new Map(prices);
  const priced = models.map((model): Model => {
    const pricing = left.get(model.id);
    if (pricing === undefined) return model;
    left.delete(model.id);
    return { ...model, pricing, priceSource: 'file' };
  });
  const others = [...left].map(([id, pricing]): Model => ({
    id,
    name: id,
    inputModalities: ['text'],
    outputModalities: ['text'],
    supportedParameters: [],
    pricing,
    priceSource: 'file',
    wire: { id, object: 'model', name: id },
  }));
  return [...priced, ...others];
}
