import { USAGE_GROUPINGS } from '../../core/usage/usage-report.ts';
import { type Command, type FlagsOf, Option } from '../commander.ts';

export const USAGE_FORMATS = ['table', 'json', 'csv', 'markdown', 'html'] as const;

export function costFlags(command: Command) {
  return command
    .option('--since <when>', 'from when on')
    .option('--until <when>', 'up to when')
    .option('--limit <count>', 'no more lines than this; the total is of all', '50');
}

export function usageFlags(command: Command) {
  return command
    .option('--since <time>', 'from when on (default: 30d)')
    .option('--until <time>', 'up to when, such as yesterday or 2026-11-30 (default: now)')
    .addOption(new Option('--by <what>', 'what the rows are (default: model)').choices(USAGE_GROUPINGS))
    .option('--model <id>', 'only this model; * stands for anything')
    .option('--provider <name>', 'only answers of this provider')
    .option('--project <folder>', 'only work of this folder; . is where you are')
    .option('--profile <name>', 'only work of this profile')
    .option('--vendor <name>', 'only requests to this vendor, or to openrouter')
    .option('--key <name>', 'only requests of this client key of orx serve')
    .option('--tag <name>', 'only requests with this tag')
    .option('--command <name>', 'only requests of this command, such as chat')
    .option('--limit <count>', 'no more rows than this; the total counts all')
    .option('--what-if <models>', 'what the same work had cost on other models, a comma list')
    .addOption(new Option('--prices <when>', 'prices of --what-if (default: today)').choices(['today', 'then']))
    .option('--advise', 'the changes that would have saved most, and what speaks against them')
    .option('--watch', 'the dashboard reads again every two seconds')
    .option('--static', 'the table instead of the dashboard')
    .addOption(new Option('-o, --output <format>', 'how the report is written').choices(USAGE_FORMATS))
    .option('--json', 'the same as -o json: amounts as exact decimal text')
    .option('--out-file <file>', 'write to this file; its ending says how unless -o does')
    .option('--force', 'let --out-file replace a file');
}

export type CostFlags = FlagsOf<typeof costFlags>;
export type UsageFlags = FlagsOf<typeof usageFlags>;
