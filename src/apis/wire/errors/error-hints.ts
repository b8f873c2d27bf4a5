import type { ErrorKind, Hint } from '../../../errors.ts';
import { parameterHint, REPHRASE, TRY_AGAIN_OR_FALLBACK } from '../../../hints.ts';
import type { Vendor } from '../../vendors.ts';
import { type ErrorSigns, isDailyLimit, isKeyOver, isModerated, isTooLong, isWrongAddress } from './error-kind.ts';
import { promptLength } from './prompt-length.ts';
import { asArray, asText, type WireObject } from '../wire-value.ts';

/** Returns the hint for a URL without an API. */
export function addressHint(vendor?: Vendor): string {
  if (vendor !== undefined) return `check the base URL of ${vendor.label} (${vendor.baseUrl}), with its path: orx vendors list`;
  return 'check the base URL; most end in /v1, the default is https://openrouter.ai/api/v1: orx config get base-url';
}
const MOST = 3;

/** Returns the hints for an API error, most useful first. core/failure-advice.ts advises on models and flags. */
export function errorHints(
  kind: ErrorKind,
  signs: ErrorSigns,
  metadata: WireObject,
  availability: WireObject | undefined,
): Hint[] {
  const texts = (value: unknown): string =>
    asArray(value)
      .filter((one) => typeof one === 'string')
      .join(', ');
  const reasons = texts(metadata['reasons']);
  const excluded = texts(availability?.['excluded_by']);
  const others = texts(availability?.['fallback_models']);
  const lines = [
    asText(metadata['remedy_hint']),
    reasons === '' ? undefined : `the prompt was flagged for: ${reasons}`,
    excluded === '' ? undefined : `excluded by: ${excluded}`,
    others === '' ? undefined : `use a model that can serve this: ${others}`,
    kindHint(kind, signs, reasons !== '' || metadata['flagged_input'] !== undefined, asText(metadata['resets_at'])),
  ];
  return lines.filter((line) => line !== undefined).slice(0, MOST);
}

function kindHint(kind: ErrorKind, signs: ErrorSigns, hasReasons: boolean, resetsAt: string | undefined): Hint | undefined {
  if (signs.vendor !== undefined) {
    const hint = vendorHint(kind, signs, signs.vendor, hasReasons);
    if (hint !== undefined) return hint;
  }
  switch (kind) {
    case 'authentication':
      return isKeyOver(signs.message) ? 'use another key: orx auth login' : 'log in again: orx auth login';
    case 'credits':
      return creditsHint(signs, resetsAt);
    case 'rate-limit':
      if (signs.isLookUp === true) return 'wait, then try again';
      return isDailyLimit(signs.limitSource, signs.message)
        ? 'use a paid model, which has no daily limit: orx models --sort price'
        : { shell: 'wait, or add a fallback model: --fallback MODEL', session: 'wait, or use another model: /model MODEL' };
    case 'network':
      return isWrongAddress(signs) ? addressHint(signs.vendor) : undefined;
    case 'no-endpoint':
      return noEndpointHint(signs, hasReasons);
    case 'usage':
      return requestHint(signs);
    case 'provider':
      if (signs.isLookUp === true) return 'try again shortly';
      return isRequestRefused(signs) ? requestHint(signs) : TRY_AGAIN_OR_FALLBACK;
    default:
      return undefined;
  }
}

/**
 * Returns the hint for an error of a direct vendor, which has its own keys, credits and models. Undefined: the general hint
 * applies.
 */
function vendorHint(
  kind: ErrorKind,
  signs: ErrorSigns,
  { name, label, keyVariables }: Vendor,
  hasReasons: boolean,
): Hint | undefined {
  switch (kind) {
    case 'authentication': {
      const [variable] = keyVariables;
      return `${variable === undefined ? 'store' : `change ${variable}, or store`} another key: orx vendors add ${name}`;
    }
    case 'credits':
      return `add credits to your account at ${label}`;
    case 'no-endpoint':
      if (isModerated(signs, hasReasons)) return REPHRASE;
      return `list the models of ${label}: orx models --vendor ${name}`;
    default:
      return undefined;
  }
}

function creditsHint({ limitSource, message }: ErrorSigns, resetsAt: string | undefined): Hint {
  if (limitSource === 'openrouter_in_flight_budget')
    return 'try again when they have ended, or add credits: https://openrouter.ai/settings/credits';
  if (limitSource !== undefined && /budget/.test(limitSource)) {
    const reset = resetsAt === undefined ? '' : ` until ${resetsAt}`;
    return `wait${reset}, or ask the owner of the account to raise the budget`;
  }
  if (limitSource === 'openrouter_key_limit' || /key limit/i.test(message))
    return 'raise the limit of the key: https://openrouter.ai/settings/keys';
  const affordable = Number(/can only afford (\d+)/i.exec(message)?.[1] ?? 0);
  if (affordable > 0) return parameterHint('request what the balance can pay for', 'max-tokens', affordable);
  if (/prompt tokens limit/i.test(message)) return 'shorten the prompt, or add credits: https://openrouter.ai/settings/credits';
  return 'add credits: https://openrouter.ai/settings/credits';
}

function noEndpointHint(signs: ErrorSigns, hasReasons: boolean): Hint | undefined {
  const { status, message } = signs;
  if (isModerated(signs, hasReasons)) return REPHRASE;
  if (/data polic|privacy/i.test(message))
    return 'change the data policy of your account: https://openrouter.ai/settings/privacy';
  if (/guardrail/i.test(message))
    return 'ask the owner of the account to change the guardrail: https://openrouter.ai/settings/privacy';
  if (/region|country|location/i.test(message)) return 'find a model of another provider: orx models';
  if (/agentic harness/i.test(message)) return 'use another free model, or a paid one: orx models --free';
  // Other reasons for 403 are not a lack of providers.
  if (status === 403) return 'see what the key may do: orx auth status';
  return 'list the providers of a model: orx endpoints MODEL';
}

/** Returns whether the provider rejected the request itself: sending it again gives the same result. */
function isRequestRefused({ status }: ErrorSigns): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function requestHint(signs: ErrorSigns): Hint {
  const mostAnswer = isTooLong(signs) ? promptLength(signs.message)?.mostAnswer : undefined;
  if (mostAnswer !== undefined) return parameterHint('allow only what fits after the prompt', 'max-tokens', mostAnswer);
  if (isTooLong(signs)) return 'shorten the prompt, or find a model with a longer context: orx models --sort context';
  if (signs.isLookUp === true) return 'check the base URL: orx config get base-url';
  if (signs.status === 413) return 'shorten the prompt, or attach fewer or smaller files';
  return 'check the prompt, the attachments and the parameters';
}
