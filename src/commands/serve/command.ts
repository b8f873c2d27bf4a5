import { LEDGER_SETTINGS } from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { registerClientKeys } from './keys/keys.ts';
import { DEFAULT_PORT, serveFlags } from './flags.ts';

const HELP = {
  examples: [
    'orx serve',
    'orx serve --config gateway.yaml',
    'orx serve --sandbox',
    'orx serve keys add laptop --budget 5/day',
    `OPENAI_BASE_URL=http://127.0.0.1:${DEFAULT_PORT}/v1 OPENAI_API_KEY=any your-program`,
  ],
  notes: `
orx serve runs until Ctrl-C. If --host is not a loopback address, clients need a key.`,
};

export const registerServe: RegisterCommand = (program, execute) => {
  const command = withHelp(program.command('serve'), HELP);
  registerClientKeys(command, execute);
  const declared = withFlags(command, serveFlags);
  addSettingOptions(declared, LEDGER_SETTINGS, 'Ledger:');
  execute(declared, async () => (await import('./run.ts')).serve);
};
