/** Returns the local day of a moment: `2026-11-30`. */
export function localDayText(moment: number): string {
  const date = new Date(moment);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** Returns the local time of a moment: `2026-11-30 16:40`. */
export function localMomentText(moment: number): string {
  return `${localDayText(moment)} ${localClockText(moment)}`;
}

/** Returns the local time of day: `16:40`. */
export function localClockText(moment: number): string {
  const date = new Date(moment);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** Returns the local time for a file name: `20261130-164005`. */
export function localStampText(moment: number): string {
  const seconds = two(new Date(moment).getSeconds());
  return `${localMomentText(moment).replaceAll(/[-:]/g, '').replace(' ', '-')}${seconds}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
