import type { EndpointFacts } from './model-facts.ts';
import type { SpecialName } from './special-models.ts';

/** Limits for the slowest endpoints, so that nobody has to wait long. */
const MOST_LATENCY_MS = 1500;
export const MOST_STREAMING_MS = 4300;
const SLOW_START_MS = 5000;

/** Returns the simulated time to first token in milliseconds. */
export function simulatedLatencyMs({ latencyMs }: EndpointFacts, special: SpecialName | undefined): number {
  return special === 'slow-start' ? SLOW_START_MS : Math.min(latencyMs, MOST_LATENCY_MS);
}
