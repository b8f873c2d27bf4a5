import type { ErrorKind } from '../../errors.ts';
import type { Vendor } from '../vendors.ts';
import { type ErrorSigns, isDailyLimit, isModerated, isTooLong, isWrongAddress } from './error-kind.ts';
import { asArray, asText, type WireObject } from './wire-value.ts';

/** What to do about an address at which there is no API. */
export function addressHint(vendor?: Vendor): string {
  if (vendor !== undefined) return `check the address of ${vendor.label} (${vendor.baseUrl}) with its path: orx vendors list`;
  return 'check --base-url with its path: OpenRouter is https://openrouter.ai/api/v1, most others end in /v1';
}
const MOST = 3;

/** What to do next about an error of the API, most useful first. Which models and flags help stands in core/failure-advice.ts. */
export function errorHints(
  kind: ErrorKind,
  signs: ErrorSigns,
  metadata: WireObject,
  availability: WireObject | undefined,
): string[] {
  const texts = (value: unknown): string =>
    asArray(value)
      .filter((one) => typeof one === 'string')
      .join(', ');
  const reasons = texts(metadata['reasons']);
  const excluded = texts(availability?.['excluded_by']);
  const others = texts(availability?.['fallback_models']);
  const lines = [
    asText(metadata['remedy_hint']),
    reasons === '' ? undefined : `flagged for: ${reasons}`,
    excluded === '' ? undefined : `excluded by: ${excluded}`,
    others === '' ? undefined : `models that would pass: ${others}`,
    kindHint(kind, signs, reasons !== '' || metadata['flagged_input'] !== undefined, asText(metadata['resets_at'])),
  ];
  return lines.filter((line) => line !== undefined).slice(0, MOST);
}

function kindHint(kind: ErrorKind, signs: ErrorSigns, hasReasons: boolean, resetsAt: string | undefined): string | undefined {
  if (signs.vendor !== undefined) {
    const hint = vendorHint(kind, signs, signs.vendor, hasReasons);
    if (hint !== undefined) return hint;
  }
  switch (kind) {
    case 'authentication':
      return 'log in again: orx auth login — where the key comes from: orx auth status';
    case 'credits':
      return creditsHint(signs, resetsAt);
    case 'rate-limit':
      if (signs.isLookUp === true) return 'wait, and try again';
      return isDailyLimit(signs.limitSource, signs.message)
        ? 'let a model answer that has no daily limit: orx models --sort price'
        : 'wait, or let another model answer: --fallback a,b';
    case 'network':
      return isWrongAddress(signs) ? addressHint(signs.vendor) : undefined;
    case 'no-endpoint':
      return noEndpointHint(signs, hasReasons);
    case 'usage':
      return requestHint(signs);
    case 'provider':
      if (signs.isLookUp === true) return 'try again shortly';
      return isRequestRefused(signs) ? requestHint(signs) : 'try again, or let another model answer: --fallback a,b';
    default:
      return undefined;
  }
}

/** Where the vendor itself is asked, keys, money and models are its own. Undefined: what holds for any API. */
function vendorHint(
  kind: ErrorKind,
  signs: ErrorSigns,
  { name, label, keyVariables }: Vendor,
  hasReasons: boolean,
): string | undefined {
  switch (kind) {
    case 'authentication': {
      const [variable] = keyVariables;
      return `check ${variable === undefined ? 'the key' : variable}, or store another key: orx vendors add ${name}`;
    }
    case 'credits':
      return `add credits to your account at ${label}, or let another model answer: --fallback a,b`;
    case 'no-endpoint':
      if (isModerated(signs, hasReasons)) return 'ask in other words, or ask another model: -m';
      return `what ${label} offers this key: orx models --vendor ${name}`;
    default:
      return undefined;
  }
}

function creditsHint({ limitSource, message }: ErrorSigns, resetsAt: string | undefined): string {
  if (limitSource === 'openrouter_in_flight_budget') return 'other requests hold the balance at this moment: try again shortly';
  if (limitSource !== undefined && /budget/.test(limitSource)) {
    const reset = resetsAt === undefined ? '' : `: it resets at ${resetsAt}`;
    return `a budget of your account is spent${reset}; whoever manages it can raise it`;
  }
  if (limitSource === 'openrouter_key_limit' || /key limit/i.test(message))
    return 'raise the limit of the key: https://openrouter.ai/settings/keys — or use another key: orx auth login';
  const affordable = Number(/can only afford (\d+)/i.exec(message)?.[1] ?? 0);
  if (affordable > 0)
    return `what is left pays for this: --max-tokens ${affordable} — or add credits: https://openrouter.ai/settings/credits`;
  if (/prompt tokens limit/i.test(message)) return 'shorten the prompt, or add credits: https://openrouter.ai/settings/credits';
  return 'add credits: https://openrouter.ai/settings/credits — or take a cheaper model: orx models --sort price';
}

function noEndpointHint(signs: ErrorSigns, hasReasons: boolean): string | undefined {
  const { status, message } = signs;
  if (isModerated(signs, hasReasons)) return 'ask in other words, or ask another model: -m';
  if (/data polic|privacy/i.test(message))
    return 'what your account allows providers to do: https://openrouter.ai/settings/privacy';
  if (/guardrail/i.test(message)) return 'a guardrail of your account decides this; whoever manages it can change it';
  if (/region|country|location/i.test(message)) return 'ask a model of another provider: orx models';
  // What else is forbidden is not for want of a provider.
  if (status === 403) return 'what the key may do: orx auth status — https://openrouter.ai/settings/keys';
  return 'who serves a model: orx endpoints <model>';
}

/** The provider has looked at the request and does not take it: the same one again gets the same answer. */
function isRequestRefused({ status }: ErrorSigns): boolean {
  return status !== undefined && status >= 400 && status < 500 && status !== 408 && status !== 429;
}

function requestHint(signs: ErrorSigns): string {
  if (isTooLong(signs))
    return 'shorten the prompt, lower --max-tokens, or take a model with a longer context: orx models --sort context';
  if (signs.isLookUp === true) return 'check --base-url: the API does not take what orx asks';
  if (signs.status === 413) return 'send less: a shorter prompt, fewer or smaller attachments';
  return 'the request is not accepted as it is: check the prompt, its attachments and the parameters';
}
