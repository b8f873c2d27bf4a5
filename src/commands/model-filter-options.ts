import { type Command, Option } from 'commander';
import type { ModelFilter } from '../core/filter-models.ts';
import { dayText, parseSince, parseSpan } from '../core/parse-day.ts';
import { parseTokenCount } from '../core/parse-count.ts';
import { type Decimal, parseDecimal } from '../decimal.ts';
import { usageError } from '../errors.ts';

const HEADING = 'Filters (all must hold):';
const DEFAULT_EXPIRING = '30d';

/** Every filter's flag, once: what commands over many models share. */
const FILTER_FLAGS = {
  search: ['--search <text>', 'words that must all occur in id or name'],
  author: ['--author <names>', 'only models of these authors (comma list)'],
  provider: ['--provider <names>', 'only models that one of these providers has: name, slug or tag (comma list)'],
  free: ['--free', 'only models that cost nothing'],
  input: ['--input <modalities>', 'takes all of these: text, image, audio, video, file (comma list)'],
  output: ['--output <modalities>', 'makes one of these: text, image, audio, embeddings … (comma list)'],
  tools: ['--tools', 'can call tools'],
  vision: ['--vision', 'takes images'],
  reasoning: ['--reasoning', 'can reason'],
  structured: ['--structured', 'can keep to a JSON schema'],
  cache: ['--cache', 'has a price for cached input'],
  parameter: ['--parameter <names>', 'supports all of these parameters; may be repeated (comma list)'],
  minContext: ['--min-context <tokens>', 'context of at least so many tokens, such as 128k'],
  maxInputPrice: ['--max-input-price <usd>', 'input costs at most this, USD per million tokens'],
  maxOutputPrice: ['--max-output-price <usd>', 'output costs at most this, USD per million tokens'],
  zdr: ['--zdr', 'has an endpoint with zero data retention'],
  quantization: ['--quantization <levels>', 'has an endpoint with one of these, such as fp8,bf16 (comma list)'],
  since: ['--since <when>', 'listed since a day or for so long: 2026-08-01, 30d'],
  expiring: ['--expiring [within]', `gone within so long (without a value: ${DEFAULT_EXPIRING})`],
  favourites: ['--favourites', 'only favourites: orx fav add'],
} as const satisfies Record<string, readonly [flags: string, description: string]>;

export type FilterFlag = keyof typeof FILTER_FLAGS;

/** Declares the filters on a command, but for those whose names mean something else there. */
export function addFilterOptions(command: Command, without: readonly FilterFlag[] = []): Command {
  for (const [name, [flags, description]] of Object.entries(FILTER_FLAGS)) {
    if (without.some((left) => left === name)) continue;
    const option = new Option(flags, description).helpGroup(HEADING);
    if (name === 'parameter') option.argParser((text: string, before: string[] = []) => [...before, text]);
    command.addOption(option);
  }
  return command;
}

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
    inputs: union(names('--input', text('input')), isOn('vision') ? ['image'] : []),
    outputs: outputModalities(text('output')),
    parameters: union(
      (options['parameter'] as string[] | undefined)?.flatMap((list) => names('--parameter', list) ?? []),
      isOn('tools') ? ['tools'] : [],
      isOn('reasoning') ? ['reasoning'] : [],
      isOn('structured') ? ['structured_outputs'] : [],
    ),
    cache: isOn('cache'),
    minContext: minContext === undefined ? undefined : parseTokenCount('--min-context', minContext),
    maxInputPrice: price('--max-input-price', text('maxInputPrice')),
    maxOutputPrice: price('--max-output-price', text('maxOutputPrice')),
    zdr: isOn('zdr'),
    quantization: names('--quantization', text('quantization')),
    createdSince: since === undefined ? undefined : parseSince('--since', since, now) / 1000,
    expiringBefore: expiring(options['expiring'], now),
    favourites: isOn('favourites') ? new Set(favourites) : undefined,
  };
}

function names(flag: string, text: string | undefined): string[] | undefined {
  if (text === undefined) return undefined;
  const list = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (list.length === 0) throw usageError(`${flag} takes a comma list, such as a,b`);
  return list;
}

function outputModalities(text: string | undefined): string[] | undefined {
  const list = names('--output', text);
  const format = list?.find((name) => ['table', 'json', 'csv', 'markdown', 'ids'].includes(name));
  if (format === undefined) return list;
  throw usageError(
    `--output takes what a model makes, such as text or image, not "${format}"`,
    `the form of the list is -o ${format}`,
  );
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
  return dayText(now + parseSpan('--expiring', typeof given === 'string' ? given : DEFAULT_EXPIRING));
}
