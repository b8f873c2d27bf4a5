import type { HeaderReader } from './retry-after.ts';

const WINDOWS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/**
 * Returns how many requests the server accepts in which time, as far as an error for too many requests states it. Undefined for a limit of
 * tokens, and for one whose time is not stated.
 */
export function requestRate(header: HeaderReader, message: string): { requests: number; windowMs: number } | undefined {
  // "limited to 8 requests per minute", "50 requests/min"
  const [, said, unit] = /\b(\d{1,6}) (?:\w+ ){0,2}requests?(?: per |\/)(s|m|h)/i.exec(message) ?? [];
  if (said !== undefined) return rateOf(said, WINDOWS[unit!.toLowerCase()]);
  // "requests per min (RPM): Limit 3, Used 3"
  const [, per, limit] = /requests per (s|m|h)\w*(?: \(\w+\))?: limit:? (\d{1,6})\b/i.exec(message) ?? [];
  if (limit !== undefined) return rateOf(limit, WINDOWS[per!.toLowerCase()]);
  // The draft of the IETF: `10;w=60`
  const [, policy, seconds] =
    /(?:^|[\s;,])(?:q=)?(\d{1,6})\b[^,]*?;\s*w=(\d{1,6})\b/.exec(header('ratelimit-policy') ?? '') ?? [];
  if (policy !== undefined) return rateOf(policy, Number(seconds) * 1000);
  // OpenRouter's own limits name the time in the message and the number in a header.
  if (/per-min\b|limit_rpm\b/.test(message)) return rateOf(header('x-ratelimit-limit'), WINDOWS['m']);
  // Anthropic states its limits per minute.
  if (header('anthropic-ratelimit-requests-remaining')?.trim() === '0')
    return rateOf(header('anthropic-ratelimit-requests-limit'), WINDOWS['m']);
  return undefined;
}

function rateOf(digits: string | undefined, windowMs: number | undefined): { requests: number; windowMs: number } | undefined {
  const requests = /^\d{1,6}$/.test(digits?.trim() ?? '') ? Number(digits) : 0;
  return requests < 1 || windowMs === undefined || windowMs < 1 ? undefined : { requests, windowMs };
}
