import { SETTING_KEYS } from '../../core/settings/settings.ts';
import { withFlags } from '../commander.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';
import { listSettingsFlags } from './flags.ts';

const SET_HELP =
  '\nExamples:\n  orx config set model anthropic/claude-sonnet-4.6\n  orx config set data-policy strict\n  orx config set max-price 0.5,1.5';

export const registerConfig: RegisterCommand = (program, execute) => {
  const config = program.command('config').description('Stored defaults for every setting, and where each value comes from.');
  const get = withJson(
    config.command('get <key>').description('print the value in force; nothing, and exit 1, when there is none'),
    'one object: key, value, source, name of the environment variable',
  );
  const set = config
    .command('set <key> <value...>')
    .description('store a value as the default; lists are divided by commas')
    .addHelpText('after', SET_HELP);
  execute(set, async () => (await import('./config-runs.ts')).setSetting);
  const unset = config.command('unset <key...>').description('remove stored values');
  execute(unset, async () => (await import('./config-runs.ts')).unsetSettings);
  const list = withJson(
    withFlags(
      config
        .command('list')
        .description('every setting with a value and where it comes from: flag, environment, file or default'),
      listSettingsFlags,
    ),
    'an array of objects: key, value, source, name of the environment variable',
  );
  const path = config.command('path').description('print where the settings are stored');
  execute(path, async () => (await import('./config-runs.ts')).printPath);
  // What a flag would do is seen by giving it here.
  for (const command of [get, list]) addSettingOptions(command, SETTING_KEYS, undefined, { hidden: true });
  execute(get, async () => (await import('./config-runs.ts')).getSetting);
  execute(list, async () => (await import('./config-runs.ts')).listSettings);
};
