import { type Command, withFlags } from '../commander.ts';
import type { Execute } from '../register.ts';
import { withJson } from '../with-json.ts';
import { clientKeyFlags } from './keys-flags.ts';

const HELP = `
Without keys, orx serve accepts any key from this machine. As soon as there is one, every request needs a
valid key. Running gateways notice new and revoked keys at once.

Examples:
  orx serve keys create laptop
  orx serve keys create ci --models "openai/gpt-4o-mini,deepseek/*" --rpm 60 --budget 5/day --expires 30d
  orx serve keys list
  orx serve keys revoke ci`;

const KEY_JSON = 'one object: name, state, limits, spent, budgets';

/** `orx serve keys` and its commands. */
export function registerClientKeys(serve: Command, execute: Execute): void {
  const keys = serve.command('keys').description('Manage the keys of the clients of orx serve').addHelpText('after', HELP);
  const create = withFlags(keys.command('create <name>').description('Create a key and show it once'), clientKeyFlags);
  execute(
    withJson(create, 'one object: key, name, limits, budgets'),
    async () => (await import('./keys-runs.ts')).createClientKey,
  );
  execute(
    withJson(
      keys.command('list', { isDefault: true }).description('List keys with their limits and what they spent'),
      'an array of objects: name, state, limits, spent, budgets',
    ),
    async () => (await import('./keys-runs.ts')).listClientKeys,
  );
  execute(
    withJson(keys.command('show <name>').description('Show one key with its limits, budgets and spending'), KEY_JSON),
    async () => (await import('./keys-runs.ts')).showClientKey,
  );
  execute(
    withJson(keys.command('revoke <name>').description('Revoke a key at once and for good'), KEY_JSON),
    async () => (await import('./keys-runs.ts')).revokeClientKey,
  );
}
