import type { ModelFilter } from '../../core/models/filter-models.ts';
import { INPUT_MODALITIES, OUTPUT_MODALITIES, QUANTIZATIONS, SUPPORTED_PARAMETERS } from '../../core/settings/closed-lists.ts';
import { parseTokenCount } from '../../core/settings/parse-count.ts';
import { chosen } from '../../core/settings/parsers.ts';
import { localDayText } from '../../core/time/local-text.ts';
import { parseSpan, parseStart } from '../../core/time/parse-time.ts';
import { type Decimal, parseDecimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import { findVendorName } from '../../apis/vendors.ts';
import { DEFAULT_EXPIRING, type FilterFlags } from './filter-flags.ts';

/**
 * Returns the filter that a command's arguments and options describe. `now` is in milliseconds, `favorites` are the stored ids.
 * Throws a usage error that names the flag.
 */
export function parseFilter(
  words: readonly string[],
  options: FilterFlags,
  { now, favorites = [] }: { now: number; favorites?: readonly string[] | undefined },
): ModelFilter {
  const { minContext, quantization } = options;
  return {
    search: [...words, options.search].filter((word) => word !== undefined).join(' '),
    vendor: names('--vendor', options.vendor)?.map((name) => findVendorName(name) ?? name.toLowerCase()),
    author: names('--author', options.author),
    provider: names('--provider', options.provider),
    free: options.free === true,
    inputs: union(names('--input', options.input, INPUT_MODALITIES), options.vision === true ? ['image'] : []),
    outputs: names('--output-modalities', options.outputModalities, OUTPUT_MODALITIES),
    parameters: union(
      options.parameter?.flatMap((list) => names('--parameter', list, SUPPORTED_PARAMETERS) ?? []),
      options.tools === true ? ['tools'] : [],
      options.reasoning === true ? ['reasoning'] : [],
      options.structured === true ? ['structured_outputs'] : [],
    ),
    cache: options.cache === true,
    minContext: minContext === undefined ? undefined : parseTokenCount('--min-context', minContext),
    maxInputPrice: price('--max-input-price', options.maxInputPrice),
    maxOutputPrice: price('--max-output-price', options.maxOutputPrice),
    zdr: options.zdr === true,
    quantization: names('--quantization', quantization, QUANTIZATIONS),
    createdSince: createdSince(options.since, now),
    expiringBefore: expiring(options.expiring, now),
    favorites: options.favorites === true ? new Set(favorites) : undefined,
  };
}

/** Returns Unix seconds. */
function createdSince(text: string | undefined, now: number): number | undefined {
  const start = text === undefined ? undefined : parseStart('--since', text, now);
  return start === undefined ? undefined : start / 1000;
}

/** Parses a comma-separated list. With `choices`, accepts only those names. */
function names(flag: string, text: string | undefined, choices?: readonly string[]): string[] | undefined {
  if (text === undefined) return undefined;
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (list.length === 0) throw usageError(`${flag} must be a comma-separated list, such as a,b`);
  return choices === undefined ? list : list.map((name) => chosen(flag, name.toLowerCase(), choices));
}

/** Returns the union of the lists; undefined if it is empty. */
function union(...lists: readonly (readonly string[] | undefined)[]): string[] | undefined {
  const all = [...new Set(lists.flatMap((list) => list ?? []))];
  return all.length === 0 ? undefined : all;
}

function price(flag: string, text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const amount = /^\d+(\.\d+)?$/.test(text.trim()) ? parseDecimal(text) : undefined;
  if (amount === undefined) throw usageError(`${flag} must be USD per million tokens, such as 0.5, not "${text}"`);
  return amount;
}

function expiring(given: string | boolean | undefined, now: number): string | undefined {
  if (given === undefined || given === false) return undefined;
  return localDayText(now + parseSpan('--expiring', typeof given === 'string' ? given : DEFAULT_EXPIRING));
}
