import { type Command, type FlagsOf, Option } from '../commander.ts';

const HEADING = 'Filters (all must hold):';
/** What `--expiring` alone means. */
export const DEFAULT_EXPIRING = '30d';

/** Filters whose names mean something else to `orx price`: searches, tokens, and who may answer. */
const OTHER_MEANING = ['search', 'reasoning', 'provider', 'zdr', 'quantization'] as const;

/** What commands over many models filter by. */
export type FilterFlags = FlagsOf<typeof filterFlags>;
/** The same without what means something else to `orx price`. */
export type PriceFilterFlags = Omit<FilterFlags, (typeof OTHER_MEANING)[number]>;

export function filterFlags(command: Command) {
  return command
    .addOption(flag('--search <text>', 'words that must all occur in id or name'))
    .addOption(flag('--vendor <names>', 'only models of these vendors, or openrouter (comma list)'))
    .addOption(flag('--author <names>', 'only models of these authors (comma list)'))
    .addOption(flag('--provider <names>', 'only models that one of these providers has: name, slug or tag (comma list)'))
    .addOption(flag('--free', 'only models that cost nothing'))
    .addOption(flag('--input <modalities>', 'takes all of these: text, image, audio, video, file (comma list)'))
    .addOption(flag('--output-modalities <list>', 'makes one of these: text, image, audio, embeddings … (comma list)'))
    .addOption(flag('--tools', 'can call tools'))
    .addOption(flag('--vision', 'takes images'))
    .addOption(flag('--reasoning', 'can reason'))
    .addOption(flag('--structured', 'can keep to a JSON schema'))
    .addOption(flag('--cache', 'has a price for cached input'))
    .addOption(
      flag('--parameter <names>', 'supports all of these parameters; may be repeated (comma list)').argParser(
        (text: string, before: string[] = []) => [...before, text],
      ),
    )
    .addOption(flag('--min-context <tokens>', 'context of at least so many tokens, such as 128k'))
    .addOption(flag('--max-input-price <usd>', 'input costs at most this, USD per million tokens'))
    .addOption(flag('--max-output-price <usd>', 'output costs at most this, USD per million tokens'))
    .addOption(flag('--zdr', 'has an endpoint with zero data retention'))
    .addOption(flag('--quantization <levels>', 'has an endpoint with one of these, such as fp8,bf16 (comma list)'))
    .addOption(flag('--since <when>', 'listed from then on, such as 30d, 2026-08-01 or month'))
    .addOption(flag('--expiring [within]', `gone within so long (without a value: ${DEFAULT_EXPIRING})`))
    .addOption(flag('--favourites', 'only favorites: orx fav add'));
}

/** Declares the filters, but for those that mean something else to `orx price`. */
export function priceFilterFlags(command: Command): Command<[], PriceFilterFlags> {
  const all = filterFlags(command.createCommand());
  const own = all.options.filter((option) => !OTHER_MEANING.some((name) => name === option.attributeName()));
  for (const option of own) command.addOption(option);
  return command as unknown as Command<[], PriceFilterFlags>;
}

function flag<Usage extends string>(flags: Usage, description: string) {
  const option = new Option(flags, description);
  option.helpGroup(HEADING);
  return option;
}
