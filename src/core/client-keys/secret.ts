import { hash } from 'node:crypto';

const PREFIX = 'orx-sk-';
const BYTES = 32;
const SHOWN = 4;

/** Returns a new client key made of 32 random bytes (256 bits). */
export function clientKeySecret(random: Uint8Array): string {
  if (random.length !== BYTES) throw new Error('a client key needs 32 random bytes');
  return PREFIX + Buffer.from(random).toString('base64url');
}

/**
 * Returns the hash of a client key, which is what orx stores. One round of SHA-256 is enough: a key of 256 random bits cannot be guessed,
 * however fast a guess is checked. Slow hashes protect passwords, which people choose, and would add some hundred milliseconds to every request.
 */
export function hashClientKey(secret: string): string {
  return hash('sha256', secret, 'hex');
}

/** Returns the end of a key, by which users recognize it. */
export function keyEnding(secret: string): string {
  return secret.slice(-SHOWN);
}
