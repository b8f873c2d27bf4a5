import { DEFAULT_PROFILE, requireProfile } from '../../core/settings/profiles.ts';
import { profileJson, type ProfileRow, profileSettings, profilesTable, profileTable } from '../../output/setup/profile-table.ts';
import { maskKey } from '../../output/text/error.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import { changeProfile, removeFromProfile } from './change-profile.ts';
import { forgetKeys } from './store-key.ts';
import {
  type ListProfilesOptions,
  parseDeleteProfile,
  parseProfiles,
  parseSetInProfile,
  parseShowProfile,
  parseUnsetInProfile,
  parseUseProfile,
  type SetInProfileOptions,
  type ShowProfileOptions,
  type UnsetInProfileOptions,
} from './profile-options.ts';

/** `orx profile list` */
export const listProfiles = { parse: parseProfiles, run: runList };

async function runList({ isJson }: ListProfilesOptions, context: Context): Promise<number> {
  const { selected, stored } = context.stores.profiles();
  const rows = [...new Map([[DEFAULT_PROFILE, {}], ...stored])].map(([name, values]): ProfileRow => ({
    name,
    isSelected: name === selected.name,
    settings: profileSettings(values, maskKey),
  }));
  if (isJson) await showJson(context, [], rows.map(profileJson));
  else await showTable(context, { isSandbox: false, notes: [], table: () => profilesTable(rows) });
  if (rows.every(({ isSelected }) => !isSelected))
    tell(context, `warning: the selected profile "${selected.name}" does not exist; select another: orx profile use default`);
  return 0;
}

/** `orx profile show`: the settings that the profile itself has, with its key masked. */
export const showProfile = { parse: parseShowProfile, run: runShow };

async function runShow({ name, isJson }: ShowProfileOptions, context: Context): Promise<number> {
  const { selected, stored } = context.stores.profiles();
  const shown = name ?? selected.name;
  const settings = profileSettings(requireProfile(shown, stored), maskKey);
  const row: ProfileRow = { name: shown, isSelected: shown === selected.name, settings };
  if (isJson) await showJson(context, [], profileJson(row));
  else if (settings.length === 0)
    tell(
      context,
      shown === DEFAULT_PROFILE
        ? 'the profile default is the stored settings alone: orx config list'
        : `the profile ${shown} has no settings; add one: orx profile set ${shown} KEY VALUE`,
    );
  else await showTable(context, { isSandbox: false, notes: [], table: () => profileTable(settings) });
  return 0;
}

/** `orx profile use`: a profile that does not exist is an error. */
export const useProfile = { parse: parseUseProfile, run: runUse };

async function runUse(name: string, context: Context): Promise<number> {
  requireProfile(name, context.stores.profiles().stored);
  const store = await context.stores.openSettings();
  if (name === DEFAULT_PROFILE) await store.delete('profile');
  else await store.set('profile', name);
  if ((context.env['ORX_PROFILE'] ?? '').trim() !== '')
    tell(context, 'warning: ORX_PROFILE is set in the environment and overrides the selected profile');
  return 0;
}

/** `orx profile set`: creates the profile if needed. */
export const setInProfile = { parse: parseSetInProfile, run: runSet };

async function runSet({ name, setting }: SetInProfileOptions, context: Context): Promise<number> {
  await changeProfile(context, name, (values) => (setting === undefined ? values : { ...values, [setting.key]: setting.value }), {
    creates: true,
  });
  return 0;
}

/** `orx profile unset`: also removes values that cannot be read. */
export const unsetInProfile = { parse: parseUnsetInProfile, run: runUnset };

async function runUnset({ name, keys }: UnsetInProfileOptions, context: Context): Promise<number> {
  await removeFromProfile(context, name, keys);
  return 0;
}

/** `orx profile delete`: the stored settings apply again if the profile was selected by `orx profile use`. */
export const deleteProfile = { parse: parseDeleteProfile, run: runDelete };

async function runDelete(name: string, context: Context): Promise<number> {
  let removed: readonly unknown[] = [];
  await changeProfile(context, name, (values) => void (removed = Object.values(values)));
  await forgetKeys(removed, context);
  const store = await context.stores.openSettings();
  await store.update('profile', (selected) => (selected === name ? undefined : selected));
  tell(context, `deleted the profile ${name}`);
  return 0;
}

function tell(context: Context, text: string): void {
  context.terminal.streams.stderr.write(`${visibleLine(text)}\n`);
}
