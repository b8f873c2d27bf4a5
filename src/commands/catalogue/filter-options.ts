import type { ModelFilter } from '../../core/models/filter-models.ts';
import { INPUT_MODALITIES, OUTPUT_MODALITIES, QUANTIZATIONS, SUPPORTED_PARAMETERS } from '../../core/settings/closed-lists.ts';
import { parseTokenCount } from '../../core/settings/parse-count.ts';
import { chosen } from '../../core/settings/parsers.ts';
import { localDayText } from '../../core/time/local-text.ts';
import { parseSpan, parseStart } from '../../core/time/parse-time.ts';
import { type Decimal, parseDecimal } from '../../decimal.ts';
import { usageError } from '../../errors.ts';
import { DEFAULT_EXPIRING, type FilterFlag } from './filter-flags.ts';

/**
 * The filter that a command's words and options ask for. `now` is in milliseconds, `favourites` are the stored ids. Throws a usage error
 * that names the flag.
 */
export function parseFilter(
  words: readonly string[],
  options: Readonly<Record<string, unknown>>,
  { now, favourites = [] }: { now: number; favourites?: readonly string[] | undefined },
): ModelFilter {
  const text = (name: FilterFlag): string | undefined => options[name] as string | undefined;
  const isOn = (name: FilterFlag): boolean => options[name] === true;
  const minContext = text('minContext');
  const since = text('since');
  return {
    search: [...words, text('search')].filter((word) => word !== undefined).join(' '),
    author: names('--author', text('author')),
    provider: names('--provider', text('provider')),
    free: isOn('free'),
    inputs: union(names('--input', text('input'), INPUT_MODALITIES), isOn('vision') ? ['image'] : []),
    outputs: names('--output-modalities', text('outputModalities'), OUTPUT_MODALITIES),
    parameters: union(
      (options['parameter'] as string[] | undefined)?.flatMap((list) => names('--parameter', list, SUPPORTED_PARAMETERS) ?? []),
      isOn('tools') ? ['tools'] : [],
      isOn('reasoning') ? ['reasoning'] : [],
      isOn('structured') ? ['structured_outputs'] : [],
    ),
    cache: isOn('cache'),
    minContext: minContext === undefined ? undefined : parseTokenCount('--min-context', minContext),
    maxInputPrice: price('--max-input-price', text('maxInputPrice')),
    maxOutputPrice: price('--max-output-price', text('maxOutputPrice')),
    zdr: isOn('zdr'),
    quantization: names('--quantization', text('quantization'), QUANTIZATIONS),
    createdSince: createdSince(since, now),
    expiringBefore: expiring(options['expiring'], now),
    favourites: isOn('favourites') ? new Set(favourites) : undefined,
  };
}

/** Unix seconds. */
function createdSince(text: string | undefined, now: number): number | undefined {
  const start = text === undefined ? undefined : parseStart('--since', text, now);
  return start === undefined ? undefined : start / 1000;
}

/** A comma list; of `choices` where there are no other names. */
function names(flag: string, text: string | undefined, choices?: readonly string[]): string[] | undefined {
  if (text === undefined) return undefined;
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (list.length === 0) throw usageError(`${flag} takes a comma list, such as a,b`);
  return choices === undefined ? list : list.map((name) => chosen(flag, name.toLowerCase(), choices));
}

/** All of the lists together; undefined when there is nothing in them. */
function union(...lists: readonly (readonly string[] | undefined)[]): string[] | undefined {
  const all = [...new Set(lists.flatMap((list) => list ?? []))];
  return all.length === 0 ? undefined : all;
}

function price(flag: string, text: string | undefined): Decimal | undefined {
  if (text === undefined) return undefined;
  const amount = /^\d+(\.\d+)?$/.test(text.trim()) ? parseDecimal(text) : undefined;
  if (amount === undefined) throw usageError(`${flag} takes USD per million tokens, such as 0.5, not "${text}"`);
  return amount;
}

function expiring(given: unknown, now: number): string | undefined {
  if (given === undefined || given === false) return undefined;
  return localDayText(now + parseSpan('--expiring', typeof given === 'string' ? given : DEFAULT_EXPIRING));
}
