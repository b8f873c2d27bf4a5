import { laneDetail, type LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { Lane } from '../../core/compare/state.ts';
import type { StoredLane } from '../../storage/decisions/records.ts';

/** Returns the name of each lane on the board, in the same order: repetitions of a lane share it, other lanes never do. */
export function boardNames(lanes: readonly LaneIdentity[]): string[] {
  const numbers = new Map<string, number[]>();
  const plain = lanes.map((lane) => {
    const detail = laneDetail({ ...lane, repetition: undefined });
    const name = detail === '' ? lane.model : `${lane.model} · ${detail}`;
    const known = numbers.get(name) ?? [];
    if (!known.includes(lane.lane)) numbers.set(name, [...known, lane.lane]);
    return name;
  });
  // Long values of --vary may begin with the same text.
  return plain.map((name, index) => {
    const same = numbers.get(name)!;
    return same.length === 1 ? name : `${name} (${same.indexOf(lanes[index]!.lane) + 1})`;
  });
}

/** Returns a lane as it is stored with a vote or a verdict. */
export function storedLane(name: string, { model, answer, varied }: Lane): StoredLane {
  return {
    name,
    model,
    ...(answer.model !== undefined && { served: answer.model }),
    ...(answer.provider !== undefined && { provider: answer.provider }),
    ...(varied.length > 0 && { varied: Object.fromEntries(varied.map(({ key, label }) => [key, label])) }),
  };
}
