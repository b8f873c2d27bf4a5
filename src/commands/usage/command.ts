import { Option } from 'commander';
import { USAGE_GROUPINGS } from '../../core/usage/usage-report.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import type { RegisterCommand, Run } from '../register.ts';
import { TIME_HELP } from '../time-help.ts';
import { USAGE_FORMATS, type UsageOptions, usageOptions } from './options.ts';
import type { UsageWork } from './report.ts';

const HELP = `${TIME_HELP}

ok % is complete answers of those that were complete or failed; what you stopped is neither. p50 and
p95 are the median and the 95th percentile of whole answers, in seconds.

On a terminal the report is a dashboard: ←→ grouping, ↑↓ period, s sort, r refresh, ? keys, q leave.

Examples:
  orx usage --since month --by project
  orx usage --static --since 2026-11-01 --until 2026-11-15 --by day
  orx usage --what-if deepseek/deepseek-chat,openai/gpt-4o-mini --since month
  orx usage --advise
  orx usage -o html --out-file usage.html
  orx usage --json | jq -r '.total.cost'`;

export const registerUsage: RegisterCommand = (program, execute) => {
  const command = program
    .command('usage')
    .description('What was used and what it cost, from the ledger of every request that orx made.')
    .option('--since <time>', 'from when on (default: 30d)')
    .option('--until <time>', 'up to when, such as yesterday or 2026-11-30 (default: now)')
    .addOption(new Option('--by <what>', 'what the rows are (default: model)').choices(USAGE_GROUPINGS))
    .option('--model <id>', 'only this model; * stands for anything')
    .option('--provider <name>', 'only answers of this provider')
    .option('--project <folder>', 'only work of this folder; . is where you are')
    .option('--profile <name>', 'only work of this profile')
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
    .option('--force', 'let --out-file replace a file')
    .addHelpText('after', HELP);
  addFlagAlias(command, '--out <file>', 'outFile').action(execute(runUsage));
};

const runUsage: Run = async (input, context) => {
  const options = usageOptions(input.options, context);
  const { values: settings } = context.stores.resolveSettings(input.flags);
  const ledger = await context.stores.for(settings).openLedger({ isThorough: 'if-small' });
  const code = await reportOf(options, { settings, ledger, context });
  return code === 0 && ledger.isIncomplete ? 1 : code;
};

async function reportOf(options: UsageOptions, work: UsageWork): Promise<number> {
  if (options.advise) return (await import('./advise.ts')).runAdvise(options, work);
  if (options.whatIf !== undefined) return (await import('./what-if.ts')).runWhatIf(options, work);
  return (await import('./report.ts')).runUsageReport(options, work);
}
