export const RANK_MEASURES = ['cost', 'first-token', 'throughput', 'quality'] as const;
/**
 * What a ranking is sorted by: `cost`, lowest first · `first-token`, soonest first · `throughput`, fastest first · `quality`, by a judge
 * or by expectations, best first.
 */
export type RankMeasure = (typeof RANK_MEASURES)[number];
