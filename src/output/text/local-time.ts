import { localClockText, localDayText, localMomentText } from '../../core/time/local-text.ts';

/** Returns the local time: `16:40` on the same day as `now`, else `2026-11-24 16:40`. */
export function localTimeText(moment: number, now: number): string {
  return localDayText(moment) === localDayText(now) ? localClockText(moment) : localMomentText(moment);
}
