import { Option } from 'commander';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

export const registerAuth: RegisterCommand = (program, execute) => {
  const auth = program.command('auth').description('The API key: log in, see which key is in use, log out.');
  auth
    .command('login')
    .description('Get a key with the browser or paste one, check it, and store it. A key in a pipe is read from there.')
    .addOption(new Option('--browser', 'log in with the browser on this machine'))
    .addOption(new Option('--no-browser', 'show an address for a browser anywhere, and ask for the code that it gives'))
    .addOption(new Option('--paste', 'ask for a key; nothing is shown while it is pasted'))
    .addHelpText('after', '\nExamples:\n  orx auth login\n  pass show openrouter | orx auth login')
    .action(execute(async (input, context) => (await import('./auth-login.ts')).logIn(input, context)));
  withJson(
    auth
      .command('status')
      .description('Which key is in use, where it comes from, and what the API says about it. Exit 3 without a key that works.'),
    'one object',
  ).action(execute(async (input, context) => (await import('./auth-status.ts')).showStatus(input, context)));
  auth
    .command('logout')
    .description('Remove the stored key.')
    .action(execute(async (input, context) => (await import('./auth-logout.ts')).logOut(input, context)));
};
