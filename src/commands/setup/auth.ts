import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';
import { loginFlags } from './flags.ts';

export const registerAuth: RegisterCommand = (program, execute) => {
  const auth = withHelp(program.command('auth'), {
    examples: ['orx auth', 'orx auth login', 'pass show openrouter | orx auth login'],
  });
  const status = auth
    .command('status', { isDefault: true })
    .alias('show')
    .description('Show which API key is in use and its limits');
  execute(
    withHelp(withJson(status, 'key, source, usage, limit and more'), {
      examples: ['orx auth status'],
      notes: `
orx auth status exits with 3 if there is no valid key.`,
    }),
    async () => (await import('./auth-status.ts')).showStatus,
  );
  const login = addSettingOptions(
    withFlags(auth.command('login').description('Log in with the browser or paste a key'), loginFlags),
    ['keychain'],
  );
  execute(
    withHelp(login, {
      examples: ['orx auth login', 'orx auth login --keychain', 'pass show openrouter | orx auth login'],
      notes: `
orx checks the key before it stores it, in a file that only you can read, or in the system keychain. It also reads a key from standard input. On a terminal it then asks the default model one test question and prints the cost, a fraction of a cent.`,
    }),
    async () => (await import('./auth-login.ts')).logIn,
  );
  const logout = auth.command('logout').description('Remove the stored API key');
  execute(withHelp(logout, { examples: ['orx auth logout'] }), async () => (await import('./auth-logout.ts')).logOut);
};
