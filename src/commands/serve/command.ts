import { LEDGER_SETTINGS } from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { DEFAULT_PORT, serveFlags } from './flags.ts';

const HELP = `
Examples:
  orx serve --sandbox
  OPENROUTER_BASE_URL=http://127.0.0.1:${DEFAULT_PORT}/api/v1 OPENROUTER_API_KEY=any orx chat "hello"`;

export const registerServe: RegisterCommand = (program, execute) => {
  const command = program
    .command('serve')
    .description('Serve the simulated API to other programs on this machine, until Ctrl-C. Needs --sandbox.')
    .addHelpText('after', HELP);
  const declared = withFlags(command, serveFlags);
  addSettingOptions(declared, LEDGER_SETTINGS, 'Ledger:');
  execute(declared, async () => (await import('./run.ts')).serve);
};
