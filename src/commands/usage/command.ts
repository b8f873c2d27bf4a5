import { withFlags } from '../commander.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import type { RegisterCommand } from '../register.ts';
import { TIME_HELP } from '../time-help.ts';
import { usageFlags } from './flags.ts';

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
    .addHelpText('after', HELP);
  execute(addFlagAlias(withFlags(command, usageFlags), '--out <file>', 'outFile'), async () => (await import('./run.ts')).usage);
};
