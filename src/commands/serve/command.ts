import { LEDGER_SETTINGS } from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { registerClientKeys } from './keys.ts';
import { DEFAULT_PORT, serveFlags } from './flags.ts';

const HELP = `
Examples:
  orx serve
  orx serve --config gateway.yaml
  orx serve --sandbox
  orx serve keys create laptop --budget 5/day
  OPENROUTER_BASE_URL=http://127.0.0.1:${DEFAULT_PORT}/api/v1 OPENROUTER_API_KEY=any orx chat "hello"`;

export const registerServe: RegisterCommand = (program, execute) => {
  const command = program
    .command('serve')
    .description("Serve OpenRouter and vendors to other programs on this machine, in OpenAI's form, until Ctrl-C.")
    .addHelpText('after', HELP);
  registerClientKeys(command, execute);
  const declared = withFlags(command, serveFlags);
  addSettingOptions(declared, LEDGER_SETTINGS, 'Ledger:');
  execute(declared, async () => (await import('./run.ts')).serve);
};
