import { SETTING_KEYS } from '../../core/settings/settings.ts';
import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { withJson } from '../with-json.ts';
import { listSettingsFlags } from './flags.ts';

const SET_EXAMPLES = [
  'orx config set model anthropic/claude-sonnet-4.6',
  'orx config set data-policy strict',
  'orx config set max-price 0.5,1.5',
];

export const registerConfig: RegisterCommand = (program, execute) => {
  const config = withHelp(program.command('config'), {
    examples: ['orx config', SET_EXAMPLES[0]!, 'orx config unset model'],
  });
  const list = withJson(
    withFlags(
      config.command('list', { isDefault: true }).description('List settings with their value and its source'),
      listSettingsFlags,
    ),
    'an array: key, value, source, name',
  );
  const get = withJson(
    config.command('get <key>').alias('show').description('Print the current value of a setting'),
    'key, value, source, name',
  );
  const set = config.command('set <key> [value...]').alias('add').description('Store a setting');
  execute(
    withHelp(set, {
      examples: SET_EXAMPLES,
      notes: `
Separate the values of a list with commas.`,
    }),
    async () => (await import('./config-runs.ts')).setSetting,
  );
  const unset = config
    .command('unset <key...>')
    .aliases(['remove', 'rm', 'delete'])
    .description('Remove stored settings, so that the default applies');
  execute(
    withHelp(unset, { examples: ['orx config unset model temperature'] }),
    async () => (await import('./config-runs.ts')).unsetSettings,
  );
  const path = config.command('path').description('Print the path of the settings file');
  execute(withHelp(path, { examples: ['orx config path'] }), async () => (await import('./config-runs.ts')).printPath);
  // Accept all flags of settings here, so that the user can see their effect.
  for (const command of [get, list]) addSettingOptions(command, SETTING_KEYS, undefined, { hidden: true });
  execute(
    withHelp(get, {
      examples: ['orx config get model'],
      notes: `
orx config get exits with 1 and prints nothing if the setting has no value.`,
    }),
    async () => (await import('./config-runs.ts')).getSetting,
  );
  execute(
    withHelp(list, {
      examples: ['orx config list --all', 'orx config list --temperature 0'],
      notes: `
A source is flag, environment, project, profile, file, command, keychain, vendor or default. Add a flag to see what it changes.`,
    }),
    async () => (await import('./config-runs.ts')).listSettings,
  );
};
