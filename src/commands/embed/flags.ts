import { type Command, type FlagsOf, Option, withFlags } from '../commander.ts';
import { common } from '../help-facts.ts';
import { textRowFlags } from '../text-rows/flags.ts';

export type EmbedFlags = FlagsOf<typeof embedFlags>;

export const EMBED_FORMATS = ['jsonl', 'json', 'csv'] as const;
const ENCODINGS = ['float', 'base64'] as const;

export function embedFlags(command: Command) {
  return withFlags(command, textRowFlags)
    .addOption(common(new Option('--dimensions <count>', 'length of the vectors, for models that support a choice')))
    .addOption(common(new Option('--input-type <type>', 'purpose: search_query, search_document, clustering, …')))
    .addOption(common(new Option('--encoding <encoding>', 'vectors as float or base64 (default: float)').choices(ENCODINGS)))
    .addOption(common(new Option('-o, --output <format>', 'format: jsonl, json or csv (default: jsonl)').choices(EMBED_FORMATS)))
    .addOption(common(new Option('--json', 'print one JSON object: data, model, usage (same as -o json)')));
}
