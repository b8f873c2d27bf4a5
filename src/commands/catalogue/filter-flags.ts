import { type AnyCommand, type Command, type FlagsOf, Option } from '../commander.ts';
import { common, uncommon } from '../help-facts.ts';
import { addFlagAlias } from '../flag-aliases.ts';

const HEADING = 'Filters:';
/** The value of `--expiring` without an argument. */
export const DEFAULT_EXPIRING = '30d';

/** Filters whose names `orx price` uses for something else: searches, tokens and routing. */
const OTHER_MEANING = ['search', 'reasoning', 'provider', 'zdr', 'quantization'] as const;

/** The filter flags of commands that list models. */
export type FilterFlags = FlagsOf<typeof filterFlags>;
/** The filter flags without those that `orx price` uses for something else. */
export type PriceFilterFlags = Omit<FilterFlags, (typeof OTHER_MEANING)[number]>;

export function filterFlags(command: Command) {
  const declared = command
    .addOption(flag('--search <text>', 'only models with all of these words in id or name'))
    .addOption(flag('--vendor <names>', 'only from these vendors or openrouter (comma-separated)'))
    .addOption(commonFlag('--author <names>', 'only by these authors, such as openai (comma-separated)'))
    .addOption(commonFlag('--provider <names>', 'only from these providers (comma-separated)'))
    .addOption(commonFlag('--free', 'only free models'))
    .addOption(commonFlag('--input <modalities>', 'input: text, image, audio, video, file (comma-separated)'))
    .addOption(flag('--output-modalities <list>', 'output: text, image, embeddings … (comma-separated)'))
    .addOption(commonFlag('--tools', 'only models that support tool calls'))
    .addOption(commonFlag('--vision', 'only models that accept images'))
    .addOption(commonFlag('--reasoning', 'only models that support reasoning'))
    .addOption(flag('--structured', 'only models that support JSON schemas'))
    .addOption(flag('--cache', 'only models with a price for cached input'))
    .addOption(
      flag('--parameter <names>', 'only models with all of these parameters (repeatable)').argParser(
        (text: string, before: string[] = []) => [...before, text],
      ),
    )
    .addOption(commonFlag('--min-context <tokens>', 'minimum context length, such as 128k'))
    .addOption(commonFlag('--max-input-price <usd>', 'maximum input price in USD per million tokens'))
    .addOption(commonFlag('--max-output-price <usd>', 'maximum output price in USD per million tokens'))
    .addOption(flag('--zdr', 'only models with zero data retention at an endpoint'))
    .addOption(flag('--quantization <levels>', 'only with one of these quantizations, such as fp8,bf16'))
    .addOption(flag('--since <when>', 'only models added since then, such as 30d or month'))
    .addOption(flag('--expiring [within]', `only models that expire within this time (default: ${DEFAULT_EXPIRING})`))
    .addOption(commonFlag('--favorites', 'only favorites (see orx fav)'));
  return addFlagAlias(declared, '--favourites', 'favorites');
}

/** Declares the filters except those whose names `orx price` uses for something else. */
export function priceFilterFlags(command: Command): Command<[], PriceFilterFlags> {
  return filterFlagsWithout(command, OTHER_MEANING);
}

/** Filters whose names are routing settings in a comparison. These settings narrow the choice of models as well. */
const ROUTING_NAMES = ['provider', 'zdr', 'quantization'] as const;

/** The filters that choose the lanes of a comparison. */
export type LaneFilterFlags = Omit<FilterFlags, (typeof ROUTING_NAMES)[number]>;

/** Declares the filters that choose the lanes of a comparison. Only `--help-all` lists them. */
export function laneFilterFlags(command: Command): Command<[], LaneFilterFlags> {
  return filterFlagsWithout(command, ROUTING_NAMES, uncommon);
}

function filterFlagsWithout<Name extends keyof FilterFlags>(
  command: Command,
  names: readonly Name[],
  change: (option: Option) => void = () => undefined,
): Command<[], Omit<FilterFlags, Name>> {
  const all: AnyCommand = filterFlags(command.createCommand()) as unknown as AnyCommand;
  for (const option of all.options) {
    if (names.some((name) => name === option.attributeName())) continue;
    change(option);
    command.addOption(option);
  }
  return command as unknown as Command<[], Omit<FilterFlags, Name>>;
}

function flag<Usage extends string>(flags: Usage, description: string) {
  return new Option(flags, description).helpGroup(HEADING);
}

function commonFlag<Usage extends string>(flags: Usage, description: string) {
  return common(new Option(flags, description)).helpGroup(HEADING);
}
