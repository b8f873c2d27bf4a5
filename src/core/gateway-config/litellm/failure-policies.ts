import type { FailureKind } from '../../routing/failure-kind.ts';
import { type Environment, fromEnvironment } from '../scalars.ts';
import { convertNumber, MOST_RETRIES, present } from './model-list.ts';
import { asFields, type ConversionNotes, type LiteLlmFields } from './notes.ts';

/** LiteLLM's errors with numbers of their own, and the kinds of failures in orx. */
const KINDS: Readonly<Record<string, FailureKind>> = {
  AuthenticationError: 'authentication',
  BadRequestError: 'bad_request',
  ContentPolicyViolationError: 'content_policy',
  InternalServerError: 'server_error',
  NotFoundError: 'not_found',
  RateLimitError: 'rate_limit',
  TimeoutError: 'timeout',
};

/** Converts `retry_policy`: `{RateLimitErrorRetries: 3}`. */
export function convertRetryPolicy(name: string, given: unknown, env: Environment, notes: ConversionNotes): LiteLlmFields {
  return convertPolicy(name, 'Retries', given, env, notes, (count) => Math.min(count, MOST_RETRIES));
}

/** Converts `allowed_fails_policy`: `{TimeoutErrorAllowedFails: 10}`. The failure after the allowed ones leads to a pause. */
export function convertAllowedFails(name: string, given: unknown, env: Environment, notes: ConversionNotes): LiteLlmFields {
  return convertPolicy(name, 'AllowedFails', given, env, notes, (count) => count + 1);
}

/** Returns the policies of `model_group_retry_policy` by the name of the model. */
export function convertGroupPolicies(
  given: unknown,
  isServed: (name: string) => boolean,
  env: Environment,
  notes: ConversionNotes,
): ReadonlyMap<string, LiteLlmFields> {
  const found = new Map<string, LiteLlmFields>();
  for (const [model, policy] of Object.entries(asFields(given) ?? {})) {
    const name = `model_group_retry_policy.${model}`;
    if (isServed(model)) found.set(model, convertRetryPolicy(name, policy, env, notes));
    else notes.add(`${name}: ${model} is not served`);
  }
  return found;
}

/**
 * Returns the attempts that a request needs for the most retries of the policies. Undefined if the default is enough: it permits several targets.
 */
export function attemptsFor(policies: readonly LiteLlmFields[], others: number): number | undefined {
  const counts = policies.flatMap((policy) => Object.values(policy)).filter((count) => typeof count === 'number');
  const most = Math.max(0, ...counts);
  return most < others ? undefined : most + 1;
}

function convertPolicy(
  name: string,
  ending: string,
  given: unknown,
  env: Environment,
  notes: ConversionNotes,
  convert: (count: number) => number,
): LiteLlmFields {
  if (given === undefined || given === null) return {};
  const fields = asFields(given);
  if (fields === undefined) notes.add(`${name}: is not a map of numbers; it is not used`);
  const numbers = Object.entries(fields ?? {}).map(([key, value]): [string, unknown] => {
    const kind = key.endsWith(ending) ? KINDS[key.slice(0, -ending.length)] : undefined;
    if (kind === undefined)
      notes.add(`${name}.${key}: not used${key === 'DefaultRetries' ? '; num_retries is for all other failures' : ''}`);
    const read = typeof value === 'string' ? fromEnvironment(value, env) : { value };
    if ('problem' in read) notes.add(`${name}.${key} ${read.problem}; it is not used`);
    return [kind ?? '', kind === undefined || 'problem' in read ? undefined : convertNumber(read.value, convert)];
  });
  return present(Object.fromEntries(numbers));
}
