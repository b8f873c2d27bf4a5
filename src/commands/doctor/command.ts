import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { doctorFlags } from './flags.ts';

const HELP = {
  examples: ['orx doctor', 'orx doctor --offline', 'orx doctor --json'],
  notes: `
orx doctor checks the versions, the stored files and their permissions, the settings, the proxy, DNS, TCP, TLS and the first byte of the base URL, the clock, the API key, the stored catalog, the ledger and the terminal. It prints a fix for each warning and failure.

It exits with 1 if a check failed, and with 0 if there are only warnings. Each check ends after 10 seconds. It sends requests only to the base URL, through your proxy if there is one, and never prints a key.`,
};

export const registerDoctor: RegisterCommand = (program, execute) => {
  const command = withJson(withFlags(program.command('doctor'), doctorFlags), 'ok, and checks with name, status and fixes');
  execute(withHelp(command, HELP), async () => (await import('./run.ts')).runDoctor);
};
