import type { Command } from 'commander';
import { SETTING_KEYS } from '../../core/settings/settings.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';

export const registerConfig: RegisterCommand = (program, execute) => {
  const config = program.command('config').description('Stored defaults for every setting, and where each value comes from.');
  const add = (name: string, description: string): Command => config.command(name).description(description);

  const get = withJson(
    add('get <key>', 'print the value in force; nothing, and exit 1, when there is none'),
    'one object: key, value, source, name of the environment variable',
  ).action(execute(async (input, context) => (await import('./config-runs.ts')).getSetting(input, context)));
  add('set <key> <value...>', 'store a value as the default; lists are divided by commas')
    .addHelpText(
      'after',
      '\nExamples:\n  orx config set model anthropic/claude-sonnet-4.6\n  orx config set data-policy strict\n  orx config set max-price 0.5,1.5',
    )
    .action(execute(async (input, context) => (await import('./config-runs.ts')).setSetting(input, context)));
  add('unset <key...>', 'remove stored values').action(
    execute(async (input, context) => (await import('./config-runs.ts')).unsetSettings(input, context)),
  );
  const list = withJson(
    add('list', 'every setting with a value and where it comes from: flag, environment, file or default').option(
      '--all',
      'also settings without a value',
    ),
    'an array of objects: key, value, source, name of the environment variable',
  ).action(execute(async (input, context) => (await import('./config-runs.ts')).listSettings(input, context)));
  add('path', 'print where the settings are stored').action(
    execute(async (input, context) => (await import('./config-runs.ts')).printPath(input, context)),
  );
  // What a flag would do is seen by giving it here.
  for (const command of [get, list]) addSettingOptions(command, SETTING_KEYS, undefined, { hidden: true });
};
