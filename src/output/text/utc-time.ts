/** Returns a time in UTC, to the minute: `2026-11-24 16:40 UTC`. `moment`: ms since 1970. */
export function utcTimeText(moment: number): string {
  return `${new Date(moment).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
