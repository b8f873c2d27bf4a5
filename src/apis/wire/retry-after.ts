import type { FailedReply } from './failed-reply.ts';
import { asNumber, asObject, asText, type WireObject } from './wire-value.ts';

/** A larger number of seconds is a time since 1970; above the second limit, one in milliseconds. */
const FIRST_MOMENT = 1e9;
const FIRST_MOMENT_MS = 1e12;
/** A longer wait means a wrong server clock, or another meaning of the field. */
const LONGEST_MS = 40 * 24 * 60 * 60 * 1000;

/** Returns the wait that the server requests, in milliseconds. A reset time in the past requests none. */
export function retryAfter(reply: FailedReply, metadata: WireObject, availability: WireObject | undefined): number | undefined {
  const inner = asObject(metadata['headers']);
  const header = (name: string): string | undefined =>
    reply.headers?.[name.toLowerCase()] ?? asText(inner?.[name]) ?? asText(inner?.[name.toLowerCase()]);
  const exact = Number(header('retry-after-ms') ?? Number.NaN);
  if (exact >= 0) return exact;
  const wait = header('Retry-After');
  if (wait !== undefined && Number(wait) >= 0) return Number(wait) * 1000;
  const now = reply.now;
  if (wait !== undefined && now !== undefined && Number.isFinite(Date.parse(wait))) return Math.max(0, Date.parse(wait) - now);
  const seconds = asNumber(availability?.['retry_after']);
  if (seconds !== undefined && seconds >= 0) return seconds * 1000;
  return now === undefined ? undefined : untilReset(Number(header('X-RateLimit-Reset') ?? Number.NaN), now);
}

/**
 * Returns the wait until a reset. The API's own limiter states it in milliseconds since 1970; others in seconds since 1970, or as
 * the remaining seconds.
 */
function untilReset(reset: number, now: number): number | undefined {
  const ms = reset >= FIRST_MOMENT_MS ? reset - now : reset >= FIRST_MOMENT ? reset * 1000 - now : reset * 1000;
  return ms > 0 && ms <= LONGEST_MS ? ms : undefined;
}
