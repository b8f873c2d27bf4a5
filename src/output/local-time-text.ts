/** `16:40` of the same local day as `now`, else `2026-11-24 16:40`. */
export function localTimeText(moment: number, now: number): string {
  const [date, latest] = [new Date(moment), new Date(now)];
  const two = (value: number): string => String(value).padStart(2, '0');
  const time = `${two(date.getHours())}:${two(date.getMinutes())}`;
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return date.toDateString() === latest.toDateString() ? time : `${day} ${time}`;
}
