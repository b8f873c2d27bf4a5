import {
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
} from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { compareFlags } from '../compare/flags.ts';

const HELP = {
  examples: [
    'orx compare "Why is the sky blue?" -m openai/gpt-4o-mini,qwen/qwen3-8b',
    'git diff | orx compare "Review this" -m a/one,b/two --rank-by throughput',
    'orx compare "Hello" -m a/one -m b/two --json | jq .ranking',
  ],
  notes: `
On a terminal, the keys 1-9 continue with an answer in a conversation.
orx compare exits with 0 if at least one model answered, otherwise with the code of the first failure.`,
  details: `
It exits with 9 if --strict-model is set and a different model answered, and with 130 if you stopped it.`,
};

export const registerCompare: RegisterCommand = (program, execute) => {
  const command = withFlags(
    program.command('compare').argument('[words...]', 'the prompt; - waits for standard input'),
    compareFlags,
  );
  addSettingOptions(command, REQUEST_SETTINGS);
  addSettingOptions(command, PARAMETER_SETTINGS, 'Parameters:');
  addSettingOptions(command, ROUTING_SETTINGS, 'Routing:');
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(command, SCREEN_SETTINGS, 'Screen:');
  execute(withHelp(command, HELP), async () => (await import('./run.ts')).compareCommand);
};
