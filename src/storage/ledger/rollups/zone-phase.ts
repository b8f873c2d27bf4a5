import { phaseOf } from './grid.ts';

const MINUTE_MS = 60_000;

/** Returns the phase of the process's time zone at a moment. */
export function zoneOffsetNow(now: number): number {
  return phaseOf(-new Date(now).getTimezoneOffset() * MINUTE_MS);
}
