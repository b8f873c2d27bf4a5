/** `2026-11-30`: the local day of a moment. */
export function localDayText(moment: number): string {
  const date = new Date(moment);
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

/** `2026-11-30 16:40`: local time. */
export function localMomentText(moment: number): string {
  return `${localDayText(moment)} ${localClockText(moment)}`;
}

/** `16:40`, local time. */
export function localClockText(moment: number): string {
  const date = new Date(moment);
  return `${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `20261130-164005`: local time, for the name of a file. */
export function localStampText(moment: number): string {
  const seconds = two(new Date(moment).getSeconds());
  return `${localMomentText(moment).replaceAll(/[-:]/g, '').replace(' ', '-')}${seconds}`;
}

function two(value: number): string {
  return String(value).padStart(2, '0');
}
