import type { Distribution, TimeDistributions } from './report.ts';

/** Duration, time to first token and throughput of a request, as far as they are known. */
export type RequestTimes = readonly [number | null, number | null, number | null];

/** Collects measured times by group. */
export class TimeSamples<Group extends string | number> {
  readonly #groups = new Map<Group, [number[], number[], number[]]>();

  add(group: Group, times: RequestTimes): void {
    let known = this.#groups.get(group);
    if (known === undefined) this.#groups.set(group, (known = [[], [], []]));
    for (const [kind, time] of times.entries()) if (time !== null) known[kind]!.push(time);
  }

  of(group: Group): TimeDistributions {
    const [durations, firsts, throughputs] = this.#groups.get(group) ?? [[], [], []];
    return {
      durationMs: distributionOf(durations),
      timeToFirstTokenMs: distributionOf(firsts),
      throughput: distributionOf(throughputs),
    };
  }
}

function distributionOf(all: readonly number[]): Distribution {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of Float64Array.from(all).sort()) {
    if (value === values.at(-1)) counts[counts.length - 1]! += 1;
    else {
      values.push(value);
      counts.push(1);
    }
  }
  return { values, counts };
}
