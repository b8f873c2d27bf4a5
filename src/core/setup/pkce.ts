import { createHash } from 'node:crypto';

/** What proves, when a code is exchanged for a key, that the one who asks is the one who sent the user to the page. RFC 7636. */
export interface Pkce {
  /** Stays here until the exchange. */
  verifier: string;
  /** Goes into the page's address. */
  challenge: string;
}

/** PKCE with method S256 from 32 random bytes: verifier and challenge of 43 URL-safe characters each, without padding. */
export function createPkce(randomBytes: Uint8Array): Pkce {
  const verifier = Buffer.from(randomBytes).toString('base64url');
  return { verifier, challenge: createHash('sha256').update(verifier).digest('base64url') };
}
