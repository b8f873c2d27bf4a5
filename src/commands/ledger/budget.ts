import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { budgetFlags } from './budget-flags.ts';

const HELP = {
  examples: [
    'orx budget add --month 20',
    'orx budget add --day 2 --request 0.10 --project .',
    'orx budget add --week 5 --model "anthropic/*"',
    'orx budget add --every 5h --limit 3',
    'orx budget',
  ],
  notes: `
orx sends a request only if its maximum cost fits into every budget that applies; otherwise it exits with 4.`,
  details: `
If an answer of any length would not fit, orx limits its length (max_tokens) and skips providers that are too expensive (max_price).
orx reserves the money while a request runs, so that parallel requests cannot exceed a limit together.
Days, weeks and months follow the time zone of this machine. Periods of --every begin at fixed times: those shorter than a day are counted from midnight, longer ones from a Monday, and months from January. So --every 5h begins at 0:00, 5:00, 10:00, 15:00 and 20:00.`,
};

export const registerBudget: RegisterCommand = (program, execute) => {
  const budget = withHelp(program.command('budget'), HELP);
  execute(
    withHelp(
      withJson(
        budget.command('list', { isDefault: true }).description('List budgets with what is spent, reserved and left'),
        'an array, amounts as exact decimal text',
      ),
      { examples: ['orx budget list'] },
    ),
    async () => (await import('./budget-runs.ts')).listBudgets,
  );
  execute(
    withHelp(withFlags(budget.command('add').alias('set').description('Add limits in USD'), budgetFlags), {
      examples: ['orx budget add --day 2 --request 0.10 --project .'],
      notes: `
A limit replaces the one of the same period and scope. ${HELP.notes.trim()}`,
      details: HELP.details,
    }),
    async () => (await import('./budget-runs.ts')).setBudgets,
  );
  execute(
    withHelp(budget.command('remove <number...>').alias('rm').description('Remove budgets by their number in the list'), {
      examples: ['orx budget remove 1'],
    }),
    async () => (await import('./budget-runs.ts')).removeBudgets,
  );
};
