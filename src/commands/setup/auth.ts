import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { loginFlags } from './flags.ts';

export const registerAuth: RegisterCommand = (program, execute) => {
  const auth = program.command('auth').description('The API key: log in, see which key is in use, log out.');
  const login = withFlags(
    auth
      .command('login')
      .description('Get a key with the browser or paste one, check it, and store it. A key in a pipe is read from there.'),
    loginFlags,
  ).addHelpText('after', '\nExamples:\n  orx auth login\n  pass show openrouter | orx auth login');
  execute(login, async () => (await import('./auth-login.ts')).logIn);
  const status = auth
    .command('status')
    .description('Which key is in use, where it comes from, and what the API says about it. Exit 3 without a key that works.');
  execute(withJson(status, 'one object'), async () => (await import('./auth-status.ts')).showStatus);
  const logout = auth.command('logout').description('Remove the stored key.');
  execute(logout, async () => (await import('./auth-logout.ts')).logOut);
};
