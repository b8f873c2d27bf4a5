const UNIT = 1024;
const NAMES = ['B', 'KB', 'MB', 'GB', 'TB'] as const;

/** `312 B`, `4.1 KB`, `5 MB`: powers of 1024, one digit after the point where there is one. */
export function bytesText(bytes: number): string {
  let value = Math.max(0, bytes);
  let place = 0;
  // What rounds to 1024 is one of the next unit.
  while (Math.round(value * 10) / 10 >= UNIT && place < NAMES.length - 1) {
    value /= UNIT;
    place += 1;
  }
  return `${Number(value.toFixed(place === 0 ? 0 : 1))} ${NAMES[place]}`;
}
