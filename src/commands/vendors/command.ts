import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';
import { vendorAddFlags } from './flags.ts';

const ADD_HELP = {
  examples: [
    'orx vendors add anthropic',
    'orx vendors add anthropic --keychain',
    'pass show mistral | orx vendors add mistral',
    'orx vendors add openai --key-command "pass show openai"',
    'orx vendors add lab --base-url http://localhost:8000/v1 --no-key',
  ],
  notes: `
--base-url is the API base URL of the vendor.
Dialects: chat-completions, responses, anthropic, gemini, cohere, ollama`,
};

const LIST_JSON = 'an array: name, base_url, key, state, models …';

export const registerVendors: RegisterCommand = (program, execute) => {
  const vendors = withHelp(program.command('vendors'), {
    examples: ['orx vendors', 'orx vendors add anthropic', 'orx chat -m anthropic:claude-sonnet-4-6 "Hello"'],
  });
  const list = withJson(
    vendors.command('list', { isDefault: true }).description('List vendors with their keys, URLs and local servers'),
    LIST_JSON,
  );
  execute(withHelp(list, { examples: ['orx vendors list'] }), async () => (await import('./list.ts')).listVendors);
  const add = addSettingOptions(
    withFlags(
      vendors.command('add <name>').alias('set').description('Store the key, URL or default model of a vendor'),
      vendorAddFlags,
    ),
    ['keychain'],
  );
  execute(withHelp(add, ADD_HELP), async () => (await import('./add.ts')).addVendor);
  const remove = vendors.command('remove <name>').aliases(['rm', 'delete']).description('Remove a stored vendor and its key');
  execute(
    withHelp(remove, { examples: ['orx vendors remove anthropic'] }),
    async () => (await import('./remove.ts')).removeVendor,
  );
  const test = withJson(
    vendors.command('test [name...]').description('Test keys by listing models (free of charge)'),
    'an array: name, ok, models, milliseconds, error',
  );
  execute(withHelp(test, { examples: ['orx vendors test anthropic'] }), async () => (await import('./test.ts')).testVendors);
};
