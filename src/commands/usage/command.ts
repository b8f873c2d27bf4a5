import { USAGE_GROUPINGS } from '../../core/usage/usage-report.ts';
import { withFlags } from '../commander.ts';
import { addFlagAlias } from '../flag-aliases.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { usageFlags } from './flags.ts';

const HELP = {
  examples: [
    'orx usage --since month --by project',
    'orx usage --static --since 2026-11-01 --until 2026-11-15 --by day',
    'orx usage --what-if deepseek/deepseek-chat,openai/gpt-4o-mini',
    'orx usage --advise',
    'orx usage -o html --out-file usage.html',
    'orx usage --json | jq -r .total.cost',
  ],
  notes: `
--by groups by ${USAGE_GROUPINGS.join(', ')}.
ok % is the share of complete answers among complete and failed ones, without those that you stopped. p50 and p95 are the median and the 95th percentile of the duration, in seconds.
On a terminal the report is a dashboard; ? shows its keys.
Formats of times: orx help times`,
};

export const registerUsage: RegisterCommand = (program, execute) => {
  const command = withHelp(program.command('usage'), HELP);
  execute(addFlagAlias(withFlags(command, usageFlags), '--out <file>', 'outFile'), async () => (await import('./run.ts')).usage);
};
