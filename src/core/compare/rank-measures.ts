export const RANK_MEASURES = ['cost', 'first-token', 'throughput'] as const;
/** What decides a ranking: `cost` billed, least first · `first-token`, soonest first · `throughput`, fastest first. */
export type RankMeasure = (typeof RANK_MEASURES)[number];
