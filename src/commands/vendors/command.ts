import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';
import { vendorAddFlags } from './flags.ts';

const ADD_HELP = `
--base-url is the address of the vendor's API, with its path.

Examples:
  orx vendors add anthropic
  pass show mistral | orx vendors add mistral
  orx vendors add openai --key-command "pass show openai"
  orx vendors add lab --base-url http://localhost:8000/v1 --no-key`;

const LIST_JSON = 'an array of objects: name, base_url, key, key_source, state, models';

export const registerVendors: RegisterCommand = (program, execute) => {
  const vendors = program
    .command('vendors')
    .description('Vendors that are asked with a key of their own: orx chat -m anthropic:claude-sonnet-4-6.');
  const list = withJson(
    vendors
      .command('list', { isDefault: true })
      .description('vendors, their keys and addresses, and which servers run on this machine'),
    LIST_JSON,
  );
  execute(list, async () => (await import('./list.ts')).listVendors);
  const add = withFlags(
    vendors.command('add <name>').description('store a key, an address or a default model of a vendor'),
    vendorAddFlags,
  ).addHelpText('after', ADD_HELP);
  execute(add, async () => (await import('./add.ts')).addVendor);
  const remove = vendors.command('remove <name>').description('remove what is stored of a vendor, with its key');
  execute(remove, async () => (await import('./remove.ts')).removeVendor);
  const test = withJson(
    vendors.command('test [name...]').description('list the models of each vendor that has a key; costs nothing'),
    'an array of objects: name, ok, models, milliseconds, error',
  );
  execute(test, async () => (await import('./test.ts')).testVendors);
};
