import type { RoutingAttempt } from '../apis/completion.ts';
import { OrxError } from '../errors.ts';

// Why another model or provider answered than was requested, in a few words. The ledger keeps them, so they contain no message of a server, which
// may quote a prompt.

const CODE = /^[\w.-]{1,40}$/;
const LONGEST_NAME = 80;
const MOST_FAILURES = 5;

interface FailedModel {
  model: string;
  error: unknown;
}

/** Returns which models failed and why: `a/one: rate-limit 429; a/two: network refused`. Undefined if none did. */
export function modelFailures(failures: readonly FailedModel[]): string | undefined {
  return joinReasons(...failures.slice(0, MOST_FAILURES).map(({ model, error }) => `${named(model)}: ${failureWords(error)}`));
}

/** Returns why a router answered as it did: its failed attempts, or the strategy with which it chose a model. Undefined if neither is known. */
export function routingReason(
  routing: { attempts: readonly RoutingAttempt[]; strategy?: string | undefined } | undefined,
): string | undefined {
  const { attempts = [], strategy = 'direct' } = routing ?? {};
  const failed = attempts.filter(({ status }) => status !== undefined && status >= 400);
  if (failed.length > 0)
    return failed
      .slice(0, MOST_FAILURES)
      .map(({ provider, status }) => `${named(provider)} ${status}`)
      .join(', ');
  return strategy === 'direct' || !CODE.test(strategy) ? undefined : `routing strategy ${strategy}`;
}

/** Joins what is known of the reasons. Undefined if nothing is. */
export function joinReasons(...reasons: readonly (string | undefined)[]): string | undefined {
  const known = reasons.filter((reason) => reason !== undefined);
  return known.length === 0 ? undefined : known.join('; ');
}

/** Returns the kind of a failure, with its HTTP status or its code. */
function failureWords(error: unknown): string {
  if (!(error instanceof OrxError)) return 'unexpected';
  const detail = error.status ?? (error.code !== undefined && CODE.test(error.code) ? error.code : undefined);
  return detail === undefined ? error.kind : `${error.kind} ${detail}`;
}

function named(name: string): string {
  return name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME)}…` : name;
}
