const DIGITS = '0123456789abcdefghjkmnpqrstvwxyz';
const TIME_DIGITS = 10;
const RANDOM_DIGITS = 16;

/**
 * An id that sorts by the moment it was made (milliseconds since 1970) and that no two processes make alike: 26 digits and letters, ten for the
 * time, sixteen from `random` (16 bytes or more). The shape is that of a ULID in lower case: https://github.com/ulid/spec.
 */
export function entryId(now: number, random: Uint8Array): string {
  let time = '';
  for (let rest = Math.floor(now), place = 0; place < TIME_DIGITS; place += 1, rest = Math.floor(rest / 32)) {
    time = DIGITS[rest % 32]! + time;
  }
  return time + Array.from({ length: RANDOM_DIGITS }, (_, place) => DIGITS[random[place]! % 32]).join('');
}
