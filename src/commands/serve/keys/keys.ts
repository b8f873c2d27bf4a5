import { type Command, withFlags } from '../../commander.ts';
import { withHelp } from '../../help-facts.ts';
import type { Execute } from '../../register.ts';
import { withJson } from '../../with-json.ts';
import { clientKeyFlags } from './keys-flags.ts';

const HELP = {
  examples: [
    'orx serve keys',
    'orx serve keys add laptop',
    'orx serve keys add ci --models "openai/gpt-4o-mini" --rpm 60 --budget 5/day',
    'orx serve keys remove ci',
  ],
  notes: `
Without keys, orx serve accepts any key from this machine. Once there is a key, every request needs a valid one.
A running gateway notices added and removed keys immediately.`,
};

const KEY_JSON = 'name, state, limits, spent, budgets';

/** Registers `orx serve keys` and its commands. */
export function registerClientKeys(serve: Command, execute: Execute): void {
  const keys = withHelp(serve.command('keys').description('Manage the keys of gateway clients'), HELP);
  execute(
    withHelp(
      withJson(
        keys.command('list', { isDefault: true }).description('List keys with their limits and spending'),
        'an array: name, state, limits, spent, budgets',
      ),
      { examples: ['orx serve keys list'] },
    ),
    async () => (await import('./keys-runs.ts')).listClientKeys,
  );
  execute(
    withHelp(withJson(keys.command('show <name>').description('Show one key with its limits, budgets and spending'), KEY_JSON), {
      examples: ['orx serve keys show laptop'],
    }),
    async () => (await import('./keys-runs.ts')).showClientKey,
  );
  const add = withFlags(keys.command('add <name>').alias('create').description('Add a key and print it once'), clientKeyFlags);
  execute(
    withHelp(withJson(add, 'key, name, limits, budgets'), {
      examples: ['orx serve keys add laptop', 'orx serve keys add ci --models "openai/gpt-4o-mini,deepseek/*" --expires 30d'],
    }),
    async () => (await import('./keys-runs.ts')).createClientKey,
  );
  execute(
    withHelp(
      withJson(
        keys.command('remove <name>').aliases(['revoke', 'rm']).description('Revoke a key immediately and permanently'),
        KEY_JSON,
      ),
      { examples: ['orx serve keys remove ci'] },
    ),
    async () => (await import('./keys-runs.ts')).revokeClientKey,
  );
}
