import type { RequestHeadroom } from '../../completion.ts';
import { type HeaderReader, plainNumber, untilReset } from './retry-after.ts';

/** The headers of one kind of limit. */
interface Family {
  limit: string;
  remaining: string;
  reset: string;
  /**
   * `full`: the reset is when all requests are available again, and they return one by one (OpenAI, Groq, Anthropic). `window`: all return at the
   * reset (OpenRouter, the draft of the IETF).
   */
  resetOf: 'full' | 'window';
}

const FAMILIES: readonly Family[] = [
  {
    limit: 'x-ratelimit-limit-requests',
    remaining: 'x-ratelimit-remaining-requests',
    reset: 'x-ratelimit-reset-requests',
    resetOf: 'full',
  },
  {
    limit: 'anthropic-ratelimit-requests-limit',
    remaining: 'anthropic-ratelimit-requests-remaining',
    reset: 'anthropic-ratelimit-requests-reset',
    resetOf: 'full',
  },
  { limit: 'x-ratelimit-limit', remaining: 'x-ratelimit-remaining', reset: 'x-ratelimit-reset', resetOf: 'window' },
  { limit: 'ratelimit-limit', remaining: 'ratelimit-remaining', reset: 'ratelimit-reset', resetOf: 'window' },
];

/** Mistral states a limit per minute without its reset. */
const PER_MINUTE = { limit: 'x-ratelimit-limit-req-minute', remaining: 'x-ratelimit-remaining-req-minute' };
const MINUTE_MS = 60_000;

/** With more left than this share of a limit, and this number, nothing has to slow down. */
const LITTLE_SHARE = 0.05;
const LITTLE = { least: 2, most: 20 };
/** A shorter time is over before another request could be sent. */
const SHORTEST_MS = 100;
/** A longer time is a quota: the server's refusal explains it better than a wait. */
const LONGEST_MS = 5 * 60_000;

/**
 * Returns what the headers of a successful reply leave of a limit of requests, if it is little. Undefined if much is left, if the headers state no such
 * limit, and if their values contradict each other. `now` is in milliseconds since 1970.
 */
export function requestHeadroom(header: HeaderReader, now: number): RequestHeadroom | undefined {
  for (const { limit, remaining, reset, resetOf } of FAMILIES) {
    const left = littleLeft(header(limit), header(remaining));
    if (left === undefined) continue;
    const resetMs = untilReset(header(reset), now);
    if (resetMs === undefined) continue;
    return within(left.requests, resetOf === 'full' ? resetMs / (left.limit - left.requests) : resetMs);
  }
  const left = littleLeft(header(PER_MINUTE.limit), header(PER_MINUTE.remaining));
  return left && within(left.requests, MINUTE_MS / left.limit);
}

/** Returns the numbers of a limit of which little is left. */
function littleLeft(
  limitText: string | undefined,
  remainingText: string | undefined,
): { limit: number; requests: number } | undefined {
  const [limit, requests] = [plainNumber(limitText), plainNumber(remainingText)];
  if (limit === undefined || requests === undefined || !Number.isSafeInteger(limit) || !Number.isSafeInteger(requests))
    return undefined;
  const little = Math.min(LITTLE.most, Math.max(LITTLE.least, limit * LITTLE_SHARE));
  return requests < limit && requests <= little ? { limit, requests } : undefined;
}

function within(requests: number, ms: number): RequestHeadroom | undefined {
  const forMs = Math.ceil(ms);
  return forMs >= SHORTEST_MS && forMs <= LONGEST_MS ? { requests, forMs } : undefined;
}

/** Tells the caller of a request what the headers of its reply leave of a limit, if it is little. */
export function tellHeadroom(
  { headers }: { headers: Readonly<Record<string, string>> },
  now: () => number,
  { onHeadroom }: { onHeadroom?: ((headroom: RequestHeadroom) => void) | undefined },
): void {
  const headroom = onHeadroom && requestHeadroom((name) => headers[name], now());
  if (headroom !== undefined) onHeadroom?.(headroom);
}
