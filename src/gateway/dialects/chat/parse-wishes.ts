import type { RoutingWishes } from '../../../apis/completion.ts';
import { badRequest } from '../../bad-request.ts';
import type { Fields } from '../fields.ts';
import { isObject, type Wire } from './parse-messages.ts';

/** The options for the gateway in a body, and the body without them. */
export interface ParsedWishes {
  wishes: RoutingWishes | undefined;
  /** LiteLLM's `fallbacks`: models to try when the first one fails. */
  fallbacks: readonly string[];
  /** The other fields, which are forwarded. */
  rest: Wire;
}

/** The fields of which at least one is in a body with options for the gateway. */
const OWN = ['fallbacks', 'num_retries', 'timeout', 'tags', 'restart', 'metadata', 'litellm_metadata', 'provider'];
const MOST_SECONDS = 24 * 3600;
const MOST_TAGS = 32;
const LONGEST_TAG = 128;

/**
 * Parses LiteLLM's `fallbacks`, `num_retries`, `timeout`, `tags`, `metadata.tags` and `litellm_metadata.tags`, `restart`, and
 * `provider.require_parameters`. These fields are not forwarded, because no vendor supports them, except `provider`, which
 * OpenRouter reads. Throws status 400 for a wrong type.
 */
export function parseWishes(fields: Wire): ParsedWishes {
  if (!OWN.some((name) => Object.hasOwn(fields, name))) return { wishes: undefined, fallbacks: [], rest: fields };
  const { fallbacks, num_retries: retries, timeout, tags, restart, metadata, litellm_metadata: own, ...rest } = fields;
  const cleaned = isObject(metadata) ? parseMetadata(metadata) : { tags: [], rest: metadata };
  const provider = rest['provider'];
  const wishes: RoutingWishes = {
    ...(isGiven(retries) && { retries: count(retries) }),
    ...(isGiven(timeout) && { answerMs: seconds(timeout) * 1000 }),
    ...(restart === true && { restart }),
    ...(isObject(provider) && provider['require_parameters'] === true && { requireParameters: true }),
  };
  const labels = [...new Set([...parseTags(tags, 'tags'), ...cleaned.tags, ...ownTags(own)])];
  const all = labels.length === 0 ? wishes : { ...wishes, tags: labels };
  return {
    wishes: Object.keys(all).length === 0 ? undefined : all,
    fallbacks: parseFallbacks(fallbacks),
    rest: cleaned.rest === undefined ? rest : { ...rest, metadata: cleaned.rest },
  };
}

/** Returns the tags in a body, for requests without other options for the gateway. Throws status 400 for a wrong type. */
export function parseBodyTags({ values }: Fields): readonly string[] | undefined {
  const { tags, metadata, litellm_metadata } = values;
  return parseWishes({ tags, metadata, litellm_metadata }).wishes?.tags;
}

function ownTags(metadata: unknown): readonly string[] {
  return isObject(metadata) ? parseTags(metadata['tags'], 'litellm_metadata.tags') : [];
}

/** Vendors accept only pairs of strings: what else LiteLLM's clients put into `metadata` is for the gateway. */
function parseMetadata(metadata: Wire): { tags: readonly string[]; rest: unknown } {
  const { tags: given, ...others }: Record<string, unknown> = metadata;
  // A string with this name is an ordinary pair.
  const tags = typeof given === 'string' ? undefined : given;
  if (typeof given === 'string') others['tags'] = given;
  const pairs = Object.entries(others).filter(([, value]) => typeof value === 'string');
  return { tags: parseTags(tags, 'metadata.tags'), rest: pairs.length === 0 ? undefined : Object.fromEntries(pairs) };
}

function parseTags(value: unknown, name: string): readonly string[] {
  if (!isGiven(value)) return [];
  const isList = Array.isArray(value) && value.length <= MOST_TAGS;
  const isTag = (tag: unknown): boolean => typeof tag === 'string' && tag.trim() !== '' && tag.length <= LONGEST_TAG;
  if (isList && value.every(isTag)) return value as string[];
  throw badRequest(`${name} must be a list of up to ${MOST_TAGS} strings`);
}

/** Accepts LiteLLM's forms: names, objects with a name, or lists by model. */
function parseFallbacks(value: unknown): readonly string[] {
  if (!isGiven(value)) return [];
  if (!Array.isArray(value)) throw badRequest('fallbacks must be a list of models');
  return value.flatMap((one: unknown): string[] => {
    if (typeof one === 'string' && one.trim() !== '') return [one];
    if (isObject(one) && typeof one['model'] === 'string') return [one['model']];
    const lists = isObject(one) ? Object.values(one) : [];
    if (lists.length > 0 && lists.every((list) => Array.isArray(list) && list.every((name) => typeof name === 'string')))
      return (lists as string[][]).flat();
    throw badRequest('fallbacks must be a list of models');
  });
}

function count(value: unknown): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw badRequest('num_retries must be a whole number');
}

function seconds(value: unknown): number {
  if (typeof value === 'number' && value > 0 && value <= MOST_SECONDS) return value;
  throw badRequest('timeout must be a number of seconds');
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null;
}
