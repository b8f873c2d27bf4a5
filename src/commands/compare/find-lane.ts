import type { LaneIdentity } from '../../core/compare/lane-plan.ts';
import { usageError } from '../../errors.ts';
import { laneLabel, laneName, wholeLaneName } from '../../output/compare/lane.ts';

/** Returns the number (from 0) of the lane that a flag names: by its number from 1, or by its name. Throws a usage error. */
export function findLane(text: string, lanes: readonly LaneIdentity[], flag: string): number {
  const last = Math.max(...lanes.map(({ lane }) => lane)) + 1;
  const number = /^\d+$/.test(text) ? Number(text) : undefined;
  if (number !== undefined && number >= 1 && number <= last) return number - 1;
  const once = lanes.map((lane) => ({ ...lane, repetition: undefined }));
  const named = once.find((lane) =>
    [lane.model, wholeLaneName(lane), laneName(lane, once), laneLabel(lane, once)].includes(text),
  );
  if (named !== undefined) return named.lane;
  throw usageError(`${flag} names no lane: ${text}`, `use the number of a lane, from 1 to ${last}`);
}
