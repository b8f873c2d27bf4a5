import type { LaneIdentity } from '../../src/core/compare/lane-plan.ts';

/** Returns one lane for each model. */
export function lanesOf(models: readonly string[]): LaneIdentity[] {
  return models.map((model, lane) => ({ model, lane, varied: [] }));
}
