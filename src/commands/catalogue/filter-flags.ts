import { type AnyCommand, type Command, type FlagsOf, Option } from '../commander.ts';
import { common } from '../help-facts.ts';
import { addFlagAlias } from '../flag-aliases.ts';

const HEADING = 'Filters (a model must pass all of them):';
/** What `--expiring` alone means. */
export const DEFAULT_EXPIRING = '30d';

/** Filters whose names mean something else to `orx price`: searches, tokens, and who may answer. */
const OTHER_MEANING = ['search', 'reasoning', 'provider', 'zdr', 'quantization'] as const;

/** What commands over many models filter by. */
export type FilterFlags = FlagsOf<typeof filterFlags>;
/** The same without what means something else to `orx price`. */
export type PriceFilterFlags = Omit<FilterFlags, (typeof OTHER_MEANING)[number]>;

export function filterFlags(command: Command) {
  const declared = command
    .addOption(flag('--search <text>', 'all of these words in the id or name'))
    .addOption(flag('--vendor <names>', 'from these vendors, or from openrouter (comma list)'))
    .addOption(commonFlag('--author <names>', 'by these authors, such as openai (comma list)'))
    .addOption(commonFlag('--provider <names>', 'available from one of these providers (comma list)'))
    .addOption(commonFlag('--free', 'free models'))
    .addOption(commonFlag('--input <modalities>', 'input: text, image, audio, video, file (comma list)'))
    .addOption(flag('--output-modalities <list>', 'output: text, image, audio, embeddings … (comma list)'))
    .addOption(commonFlag('--tools', 'supports tool calls'))
    .addOption(commonFlag('--vision', 'accepts images'))
    .addOption(commonFlag('--reasoning', 'supports reasoning'))
    .addOption(flag('--structured', 'supports structured output with a JSON schema'))
    .addOption(flag('--cache', 'has a price for cached input'))
    .addOption(
      flag('--parameter <names>', 'supports all of these parameters (repeatable)').argParser(
        (text: string, before: string[] = []) => [...before, text],
      ),
    )
    .addOption(commonFlag('--min-context <tokens>', 'context length of at least this, such as 128k'))
    .addOption(commonFlag('--max-input-price <usd>', 'input price limit in USD per million tokens'))
    .addOption(commonFlag('--max-output-price <usd>', 'output price limit in USD per million tokens'))
    .addOption(flag('--zdr', 'has an endpoint with zero data retention'))
    .addOption(flag('--quantization <levels>', 'has an endpoint with one of these, such as fp8,bf16'))
    .addOption(flag('--since <when>', 'added since then, such as 30d, 2026-08-01 or month'))
    .addOption(flag('--expiring [within]', `removed from the API within this time (default: ${DEFAULT_EXPIRING})`))
    .addOption(commonFlag('--favorites', 'favorites, managed by orx fav'));
  return addFlagAlias(declared, '--favourites', 'favorites');
}

/** Declares the filters, but for those that mean something else to `orx price`. */
export function priceFilterFlags(command: Command): Command<[], PriceFilterFlags> {
  const all: AnyCommand = filterFlags(command.createCommand()) as unknown as AnyCommand;
  const own = all.options.filter((option) => !OTHER_MEANING.some((name) => name === option.attributeName()));
  for (const option of own) command.addOption(option);
  return command as unknown as Command<[], PriceFilterFlags>;
}

function flag<Usage extends string>(flags: Usage, description: string) {
  return new Option(flags, description).helpGroup(HEADING);
}

function commonFlag<Usage extends string>(flags: Usage, description: string) {
  return common(new Option(flags, description)).helpGroup(HEADING);
}
