import { withHelp } from '../help-facts.ts';
import type { RegisterCommand } from '../register.ts';
import { withJson } from '../with-json.ts';

const EXAMPLES = [
  'orx profile set work model anthropic/claude-sonnet-4.6',
  'orx --profile work auth login',
  'orx chat --profile work "Hello"',
  'orx profile use work',
];

export const registerProfile: RegisterCommand = (program, execute) => {
  const profile = withHelp(program.command('profile'), {
    examples: EXAMPLES,
    notes: `
A profile is a set of settings with its own API key. It overrides the stored settings, and flags and environment variables override it. Select one with --profile, ORX_PROFILE or orx profile use. The profile default is the stored settings alone.`,
  });
  const list = withJson(
    profile.command('list', { isDefault: true }).description('List the profiles'),
    'an array: name, selected, has_key, settings',
  );
  execute(withHelp(list, { examples: ['orx profile list'] }), async () => (await import('./profile-runs.ts')).listProfiles);
  const show = withJson(
    profile.command('show [name]').alias('get').description('Show the settings of a profile (default: the selected one)'),
    'name, selected, settings',
  );
  execute(
    withHelp(show, {
      examples: ['orx profile show work', 'orx --profile work config list'],
      notes: `
It shows what the profile itself holds. orx --profile NAME config list shows all settings in effect.`,
    }),
    async () => (await import('./profile-runs.ts')).showProfile,
  );
  const use = profile.command('use <name>').alias('switch').description('Set the profile that all commands use');
  execute(
    withHelp(use, { examples: ['orx profile use work', 'orx profile use default'] }),
    async () => (await import('./profile-runs.ts')).useProfile,
  );
  const set = profile
    .command('set <name> [key] [value...]')
    .aliases(['add', 'create'])
    .description('Store a setting in a profile, and create the profile');
  execute(
    withHelp(set, {
      examples: ['orx profile set work', EXAMPLES[0]!, 'orx profile set work key-command "pass show openrouter"'],
      notes: `
Store the key of a profile with orx --profile NAME auth login.`,
    }),
    async () => (await import('./profile-runs.ts')).setInProfile,
  );
  const unset = profile.command('unset <name> <key...>').description('Remove settings from a profile');
  execute(
    withHelp(unset, { examples: ['orx profile unset work model temperature'] }),
    async () => (await import('./profile-runs.ts')).unsetInProfile,
  );
  const remove = profile
    .command('delete <name>')
    .aliases(['remove', 'rm'])
    .description('Delete a profile with its settings and its key');
  execute(
    withHelp(remove, { examples: ['orx profile delete work'] }),
    async () => (await import('./profile-runs.ts')).deleteProfile,
  );
};
