const UNIT = 1024;
const NAMES = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** Returns a size as `312 B`, `4.1 KB` or `5 MB`: in powers of 1024, with one decimal unless it is 0. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes);
  let place = 0;
  // A value that rounds to 1024 becomes 1 of the next unit.
  while (Math.round(value * 10) / 10 >= UNIT && place < NAMES.length - 1) {
    value /= UNIT;
    place += 1;
  }
  return `${Number(value.toFixed(place === 0 ? 0 : 1))} ${NAMES[place]}`;
}
