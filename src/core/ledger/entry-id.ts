const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/**
 * Returns a unique id that sorts by its creation time (milliseconds since 1970): 26 letters and digits, ten from the time, sixteen from `random`
 * (16 bytes or more). The format is a lowercase ULID: https://github.com/ulid/spec.
 */
export function entryId(now: number, random: Uint8Array): string {
  let time = '';
  for (let rest = Math.floor(now), place = 0; place < TIME_DIGITS; place += 1, rest = Math.floor(rest / 32)) {
    time = DIGITS[rest % 32]! + time;
  }
  let id = time;
  for (let place = 0; place < RANDOM_DIGITS; place += 1) id += DIGITS[random[place]! % 32]!;
  return id;
}
