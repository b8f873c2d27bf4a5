import { type Command, Option } from 'commander';

const HEADING = 'Filters (all must hold):';
/** What `--expiring` alone means. */
export const DEFAULT_EXPIRING = '30d';

/** Every filter's flag, once: what commands over many models share. */
const FILTER_FLAGS = {
  search: ['--search <text>', 'words that must all occur in id or name'],
  author: ['--author <names>', 'only models of these authors (comma list)'],
  provider: ['--provider <names>', 'only models that one of these providers has: name, slug or tag (comma list)'],
  free: ['--free', 'only models that cost nothing'],
  input: ['--input <modalities>', 'takes all of these: text, image, audio, video, file (comma list)'],
  outputModalities: ['--output-modalities <list>', 'makes one of these: text, image, audio, embeddings … (comma list)'],
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
  since: ['--since <when>', 'listed from then on, such as 30d, 2026-08-01 or month'],
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
