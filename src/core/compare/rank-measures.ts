export const RANK_MEASURES = ['cost', 'first-token', 'throughput'] as const;
/** What a ranking is sorted by: `cost`, lowest first · `first-token`, soonest first · `throughput`, fastest first. */
export type RankMeasure = (typeof RANK_MEASURES)[number];
