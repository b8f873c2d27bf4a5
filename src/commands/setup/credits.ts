import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

export const registerCredits: RegisterCommand = (program, execute) => {
  const command = withJson(program.command('credits'), 'total_credits, total_usage and left');
  execute(
    withHelp(command, {
      examples: ['orx credits', 'orx credits --json'],
      notes: `
orx credits shows the account of the API key. OpenRouter may require a management key for it, which orx takes from OPENROUTER_MANAGEMENT_KEY. The limit of one key: orx auth status`,
    }),
    async () => (await import('./credits-run.ts')).showCredits,
  );
};
