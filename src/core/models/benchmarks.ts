export const BENCHMARKS = ['intelligence', 'coding', 'agentic'] as const;
/** A benchmark index of the catalogue; higher is better. */
export type Benchmark = (typeof BENCHMARKS)[number];
