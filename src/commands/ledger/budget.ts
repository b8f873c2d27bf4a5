import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

const HELP = `
A request is sent only when the most that it may cost fits into every budget that it belongs to;
else orx ends with exit code 4. Where an answer of any length would not fit, its length is limited
(max_tokens), and providers that are too dear are left out (max_price). While it is under way its
money is held, so that parallel requests cannot pass a limit together. Days, weeks (from Monday)
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
  budget
    .command('set')
    .description('Set limits in USD. A limit of the same period and scope is replaced.')
    .option('--request <usd>', 'most that one request may cost')
    .option('--conversation <usd>', 'most that one conversation, or one comparison, may cost')
    .option('--day <usd>', 'most in a day')
    .option('--week <usd>', 'most in a week')
    .option('--month <usd>', 'most in a month')
    .option('--project <folder>', 'only for work in this folder, or in the repository that it belongs to')
    .option('--profile <name>', 'only for requests of this profile')
    .option('--model <id>', 'only for this model; * stands for anything, such as "anthropic/*"')
    .option('--warn <percent>', 'say so when this much of it is used (default: 80)')
    .action(execute(async (input, context) => (await import('./budget-runs.ts')).setBudgets(input, context)));
  withJson(
    budget.command('list', { isDefault: true }).description('Every budget with what is spent, held and left.'),
    'an array of objects, amounts as exact decimal text',
  ).action(execute(async (input, context) => (await import('./budget-runs.ts')).listBudgets(input, context)));
  budget
    .command('remove <number...>')
    .description('Remove budgets, by their numbers in the list.')
    .action(execute(async (input, context) => (await import('./budget-runs.ts')).removeBudgets(input, context)));
};
