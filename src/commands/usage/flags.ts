import { USAGE_GROUPINGS } from '../../core/usage/usage-report.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';

export const USAGE_FORMATS = ['table', 'json', 'csv', 'markdown', 'html'] as const;

export function costFlags(command: Command) {
  return command
    .option('--since <when>', 'requests since then, such as 30d or 2026-11-01')
    .option('--until <when>', 'requests until the end of that time')
    .option('--limit <count>', 'maximum number of rows (default: 50)', '50');
}

export function usageFlags(command: Command) {
  return command
    .option('--since <time>', 'start of the period (default: 30d)')
    .option('--until <time>', 'end of the period, such as yesterday (default: now)')
    .addOption(new Option('--by <what>', 'group rows by model, day, project … (default: model)').choices(USAGE_GROUPINGS))
    .option('--model <id>', 'only this model; * is a wildcard')
    .option('--provider <name>', 'only answers of this provider')
    .option('--project <folder>', 'only requests of this project (.: this folder)')
    .option('--profile <name>', 'only requests with this profile')
    .option('--vendor <name>', 'only requests to this vendor, or to openrouter')
    .option('--key <name>', 'only requests with this client key of orx serve')
    .option('--tag <name>', 'only requests with this tag')
    .option('--command <name>', 'only requests of this command, such as chat')
    .option('--limit <count>', 'maximum number of rows; the total counts all')
    .option('--what-if <models>', 'cost of the same requests on other models (comma-separated)')
    .addOption(new Option('--prices <when>', 'prices for --what-if: today or then (default: today)').choices(['today', 'then']))
    .option('--advise', 'suggest changes that would have reduced the cost')
    .option('--watch', 'refresh the dashboard every two seconds')
    .option('--static', 'print a table instead of the dashboard')
    .addOption(new Option('-o, --output <format>', 'format: table, json, csv, markdown or html').choices(USAGE_FORMATS))
    .option('--json', 'print JSON, amounts as exact decimal text')
    .option('--out-file <file>', 'write to this file; -o or its extension sets the format')
    .option('--force', 'let --out-file replace a file');
}

export type CostFlags = FlagsOf<typeof costFlags>;
export type UsageFlags = FlagsOf<typeof usageFlags>;
