import { createHash } from 'node:crypto';

/** Proves, when a code is exchanged for a key, that the request comes from the program that opened the login page. RFC 7636. */
export interface Pkce {
  /** Stays on this machine until the exchange. */
  verifier: string;
  /** Part of the URL of the login page. */
  challenge: string;
}

/** Returns a PKCE pair with method S256 from 32 random bytes: verifier and challenge of 43 URL-safe characters each, without padding. */
export function createPkce(randomBytes: Uint8Array): Pkce {
  const verifier = Buffer.from(randomBytes).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
