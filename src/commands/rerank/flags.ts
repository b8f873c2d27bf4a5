import { type Command, type FlagsOf, Option, withFlags } from '../commander.ts';
import { common } from '../help-facts.ts';
import { textRowFlags } from '../text-rows/flags.ts';

export type RerankFlags = FlagsOf<typeof rerankFlags>;

export const RERANK_FORMATS = ['table', 'jsonl', 'json', 'csv', 'lines'] as const;

export function rerankFlags(command: Command) {
  return withFlags(command, textRowFlags)
    .addOption(common(new Option('--top <count>', 'print only the most relevant documents')))
    .addOption(common(new Option('-o, --output <format>', 'format: table, jsonl, json, csv or lines').choices(RERANK_FORMATS)))
    .addOption(common(new Option('--json', 'print one JSON object: data, model, usage (same as -o json)')));
}
