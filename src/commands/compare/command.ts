import {
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
} from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { compareFlags } from './flags.ts';

const HELP = `
Examples:
  orx compare "Why is the sky blue?" -m deepseek/deepseek-chat -m openai/gpt-4o-mini
  git diff | orx compare "review this" -m a/one,b/two,c/three --rank-by throughput
  orx compare "…" -m a/one -m b/two --json | jq -r '.ranking[0].requested_model'
  orx --sandbox compare "try it without a key" -m deepseek/deepseek-chat -m openai/gpt-4o

A model that fails is a lane with its reason, not the end: exit 0 when at least one answered, else the code of the first
failure; 9 with --strict-model when another model answered in any lane; 130 when stopped.`;

export const registerCompare: RegisterCommand = (program, execute) => {
  const command = withFlags(
    program
      .command('compare')
      .description('Ask several models the same and see their answers side by side. Standard input comes first, then the words.')
      .argument('[words...]', 'the prompt; - reads standard input however long it takes'),
    compareFlags,
  );
  addSettingOptions(command, REQUEST_SETTINGS);
  addSettingOptions(command, PARAMETER_SETTINGS, 'Parameters:');
  addSettingOptions(command, ROUTING_SETTINGS, 'Routing:');
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(command, SCREEN_SETTINGS, 'Screen:');
  execute(command.addHelpText('after', HELP), async () => (await import('./run.ts')).compareCommand);
};
