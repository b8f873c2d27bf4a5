import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { budgetFlags } from './budget-flags.ts';

const HELP = `
A request is sent only when the most that it may cost fits into every budget that it belongs to;
else orx ends with exit code 4. Where an answer of any length would not fit, its length is limited
(max_tokens), and providers that are too expensive are left out (max_price). While it is under way its
money is reserved, so that parallel requests cannot pass a limit together. Days, weeks (from Monday)
and months are those of this machine's time zone.

Examples:
  orx budget set --month 20
  orx budget set --day 2 --request 0.10 --project .
  orx budget set --week 5 --model "anthropic/*"
  orx budget list`;

export const registerBudget: RegisterCommand = (program, execute) => {
  const budget = program
    .command('budget')
    .description('Limits on what may be spent, and what is left of them.')
    .addHelpText('after', HELP);
  execute(
    withFlags(
      budget.command('set').description('Set limits in USD. A limit of the same period and scope is replaced.'),
      budgetFlags,
    ),
    async () => (await import('./budget-runs.ts')).setBudgets,
  );
  execute(
    withJson(
      budget.command('list', { isDefault: true }).description('Every budget with what is spent, reserved and left.'),
      'an array of objects, amounts as exact decimal text',
    ),
    async () => (await import('./budget-runs.ts')).listBudgets,
  );
  execute(
    budget.command('remove <number...>').description('Remove budgets, by their numbers in the list.'),
    async () => (await import('./budget-runs.ts')).removeBudgets,
  );
};
