import type { FailedReply } from '../errors/failed-reply.ts';
import { asNumber, asObject, asText, type WireObject } from '../wire-value.ts';

/** A larger number of seconds is a time since 1970; above the second limit, one in milliseconds. */
const FIRST_MOMENT = 1e9;
const FIRST_MOMENT_MS = 1e12;
/** A longer wait means a wrong server clock, or another meaning of the field. */
const LONGEST_MS = 40 * 24 * 60 * 60 * 1000;

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Returns the value of a header, whose name is in lower case. */
export type HeaderReader = (name: string) => string | undefined;

/** Returns a reader of the reply's own headers, and below them of those that OpenRouter puts into the body for a provider's. */
export function limitHeaders(reply: FailedReply, metadata: WireObject): HeaderReader {
  const inner = Object.entries(asObject(metadata['headers']) ?? {}).map(([name, value]) => [name.toLowerCase(), value] as const);
  return (name) => {
    const value = reply.headers?.[name] ?? inner.find(([own]) => own === name)?.[1];
    return typeof value === 'number' ? String(value) : asText(value);
  };
}

/**
 * Returns the wait that the server requests, in milliseconds: a Retry-After header, else a field of the body, else the reset of a limit. A reset
 * time in the past requests none.
 */
export function retryAfter(
  reply: FailedReply,
  metadata: WireObject,
  availability: WireObject | undefined,
  message: string,
): number | undefined {
  const header = limitHeaders(reply, metadata);
  const { now } = reply;
  const seconds = asNumber(availability?.['retry_after']) ?? asNumber(metadata['retry_after']);
  return (
    possible(plainNumber(header('retry-after-ms'))) ??
    afterHeader(header('retry-after'), now) ??
    possible(seconds === undefined ? undefined : seconds * 1000) ??
    waitIn(message) ??
    untilReset(header('x-ratelimit-reset'), now) ??
    untilReset(header('ratelimit-reset'), now) ??
    spentLimitReset(header, now)
  );
}

function afterHeader(value: string | undefined, now: number | undefined): number | undefined {
  const seconds = plainNumber(value);
  if (seconds !== undefined) return possible(seconds >= FIRST_MOMENT ? undefined : seconds * 1000) ?? untilReset(value, now);
  const wait = waitText(value);
  if (wait !== undefined) return possible(wait);
  const at = momentOf(value);
  return at === undefined || now === undefined ? undefined : possible(Math.max(0, at - now));
}

/**
 * Returns the wait until a reset: milliseconds or seconds since 1970, the remaining seconds, a date, or a duration such as `6m0s`. OpenRouter's own
 * limiter states milliseconds since 1970.
 */
export function untilReset(value: string | undefined, now: number | undefined): number | undefined {
  const number = plainNumber(value);
  if (number === undefined) {
    const at = momentOf(value);
    return later(waitText(value) ?? (at === undefined || now === undefined ? undefined : at - now));
  }
  if (number < FIRST_MOMENT) return later(number * 1000);
  if (now === undefined) return undefined;
  return later(number >= FIRST_MOMENT_MS ? number - now : number * 1000 - now);
}

/** The limits of OpenAI and of Anthropic, with the names of their headers: what is left, and when it is reset. */
const LIMITS: readonly (readonly [remaining: string, reset: string])[] = [
  ...['requests', 'tokens'].map((what) => [`x-ratelimit-remaining-${what}`, `x-ratelimit-reset-${what}`] as const),
  ...['requests', 'tokens', 'input-tokens', 'output-tokens'].map(
    (what) => [`anthropic-ratelimit-${what}-remaining`, `anthropic-ratelimit-${what}-reset`] as const,
  ),
];

/**
 * Returns the wait until the last of the used-up limits is reset. If none is used up, the request was too large for what is left of one: then the
 * first reset frees something.
 */
function spentLimitReset(header: HeaderReader, now: number | undefined): number | undefined {
  const resets = LIMITS.map(([remaining, reset]) => ({
    isSpent: plainNumber(header(remaining)) === 0,
    ms: untilReset(header(reset), now),
  })).flatMap(({ isSpent, ms }) => (ms === undefined ? [] : [{ isSpent, ms }]));
  const spent = resets.filter(({ isSpent }) => isSpent).map(({ ms }) => ms);
  if (spent.length > 0) return Math.max(...spent);
  return resets.length === 0 ? undefined : Math.min(...resets.map(({ ms }) => ms));
}

/** Returns the wait that a message states, such as "Please try again in 6m0s". */
function waitIn(message: string): number | undefined {
  const [, text] =
    /\b(?:try again|retry) (?:in|after) ((?:\d+(?:\.\d+)?\s?(?:ms|h|m|s|seconds?|minutes?)\s?)+)/i.exec(message) ?? [];
  return possible(waitText(text?.replace(/\s|econds?|inutes?/gi, '')));
}

/** Number() also accepts "", " ", "0x10" and "Infinity". */
export function plainNumber(value: string | undefined): number | undefined {
  return value !== undefined && /^\s*\d+(\.\d+)?\s*$/.test(value) ? Number(value) : undefined;
}

function momentOf(value: string | undefined): number | undefined {
  const at = value === undefined || !/[a-z]{3}|\dT\d/i.test(value) ? Number.NaN : Date.parse(value);
  return Number.isFinite(at) ? at : undefined;
}

/** Returns whole milliseconds, never too few; undefined for a wait that cannot be meant. */
function possible(ms: number | undefined): number | undefined {
  return ms !== undefined && ms >= 0 && ms <= LONGEST_MS ? Math.ceil(Number(ms.toFixed(3))) : undefined;
}

function later(ms: number | undefined): number | undefined {
  return ms !== undefined && ms > 0 ? possible(ms) : undefined;
}

/** Returns a duration with units, such as `6m0s`, `1h30m`, `120ms` or `7.66s`, in milliseconds. Undefined for any other text. */
function waitText(text: string | undefined): number | undefined {
  const value = text?.trim() ?? '';
  if (value === '' || !/^(\d{1,9}(\.\d{1,9})?(ms|h|m|s))+$/.test(value)) return undefined;
  let ms = 0;
  for (const [, digits, unit] of value.matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)) ms += Number(digits) * UNITS[unit!]!;
  return ms;
}
