import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { addKeyFlags, setKeyFlags } from './flags.ts';

const HELP = {
  examples: [
    'orx keys',
    'orx keys add ci --limit 5 --reset daily --expires 30d',
    'orx keys set ci --limit 10',
    'orx keys set ci --disable',
    'orx keys remove ci',
  ],
  notes: `
These commands need a management key, which cannot chat. orx takes it from OPENROUTER_MANAGEMENT_KEY, otherwise the API key. Create one: https://openrouter.ai/settings/management-keys

Name a key by its name, its hash, or at least six characters of its hash.`,
};

const SHAPE = 'hash, name, limit, usage and others';

export const registerManagedKeys: RegisterCommand = (program, execute) => {
  const keys = withHelp(program.command('keys'), HELP);
  const list = keys.command('list', { isDefault: true }).description('List the API keys of the account');
  execute(
    withHelp(withJson(list, 'an array: hash, name, disabled, limit, usage'), { examples: ['orx keys list'] }),
    async () => (await import('./runs.ts')).listManagedKeys,
  );
  execute(
    withHelp(withJson(keys.command('show <key>').description('Show one key with its limit and spending'), SHAPE), {
      examples: ['orx keys show ci'],
    }),
    async () => (await import('./runs.ts')).showManagedKey,
  );
  const add = withFlags(keys.command('add <name>').alias('create').description('Add a key and print it once'), addKeyFlags);
  execute(
    withHelp(withJson(add, `key, ${SHAPE}`), { examples: ['orx keys add ci', 'orx keys add ci --limit 5 --reset daily'] }),
    async () => (await import('./runs.ts')).addManagedKey,
  );
  const set = withFlags(
    keys.command('set <key>').alias('update').description('Set the limit of a key, rename or disable it'),
    setKeyFlags,
  );
  execute(
    withHelp(withJson(set, SHAPE), { examples: ['orx keys set ci --limit 10', 'orx keys set ci --disable'] }),
    async () => (await import('./runs.ts')).setManagedKey,
  );
  const remove = keys.command('remove <key>').aliases(['delete', 'rm']).description('Remove a key immediately and permanently');
  execute(
    withHelp(withJson(remove, SHAPE), { examples: ['orx keys remove ci'] }),
    async () => (await import('./runs.ts')).removeManagedKey,
  );
};
