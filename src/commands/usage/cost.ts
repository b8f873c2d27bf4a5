import type { RegisterCommand } from '../register.ts';
import { withFlags } from '../commander.ts';
import { costFlags } from './flags.ts';
import { withHelp } from '../help-facts.ts';
import { withJson } from '../with-json.ts';

const HELP = {
  examples: ['orx cost', 'orx cost today', 'orx cost --since 2026-11-01 --until yesterday', 'orx cost 01k9'],
  notes: `
The last command is one question with all its requests (tool calls, retries), or one comparison. "looked up" marks a cost that orx asked the API for later, "about" marks an estimate.
Formats of times: orx help times`,
};

export const registerCost: RegisterCommand = (program, execute) => {
  const cost = program.command('cost').argument('[what]', 'last, a time such as today, or the start of a conversation id');
  execute(
    withHelp(withJson(withFlags(cost, costFlags), 'entries and total, amounts as decimal text'), HELP),
    async () => (await import('./cost-run.ts')).cost,
  );
};
