import { rowText, settingRow, settingRows } from '../../core/settings/rows.ts';
import { isProfileSetting, requireProfile } from '../../core/settings/profiles.ts';
import { type SettingKey, SETTINGS } from '../../core/settings/settings.ts';
import type { SettingSpec } from '../../core/settings/spec.ts';
import { configNotes, configTable } from '../../output/setup/config-table.ts';
import { maskKey } from '../../output/text/error.ts';
import { visibleLine, visibleText } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import {
  type GetOptions,
  type ListOptions,
  parseGet,
  parseListSettings,
  parseSet,
  parseUnset,
  type SetHeadersOptions,
  type SetOptions,
} from './config-options.ts';
import { forgetKeys } from './store-key.ts';
import { setHeaders, warnOfOtherServer } from './set-headers.ts';
import { showJson, showTable } from '../show-table.ts';
import { type ChangedProfile, changeProfile, profileToChange, removeFromProfile } from './change-profile.ts';

/** `orx config get`: prints the value in force on stdout, unmodified in a pipe. Exits with 1 if there is none. */
export const getSetting = { parse: parseGet, run: runGet };

async function runGet({ key, resolved, isJson }: GetOptions, context: Context): Promise<number> {
  const row = settingRow(resolved, key, maskKey);
  const { stdout } = context.terminal.streams;
  if (isJson) await showJson(context, [], row);
  else if (row.value !== null) await write(stdout, `${stdout.isTTY ? visibleText(rowText(row)) : rowText(row)}\n`);
  return row.value === null ? 1 : 0;
}

/** `orx config set`: stores the parsed value in the selected profile, and prints a warning if the environment overrides it. */
export const setSetting = { parse: parseSet, run: runSet };

async function runSet(options: SetOptions | SetHeadersOptions, context: Context): Promise<number> {
  const { key } = options;
  const spec = SETTINGS[key] as SettingSpec<unknown>;
  const profile = isProfileSetting(key) ? profileToChange(context) : undefined;
  if ('origin' in options) await setHeaders(options, profile, context);
  else await setValue(options, profile, context);
  if (profile !== undefined) tellProfile(profile, context);
  if (key === 'base-url') warnOfOtherServer(context);
  const winner = spec.env?.find((name) => (context.env[name] ?? '') !== '');
  // Headers of the environment only add to the stored ones.
  if (winner !== undefined && key !== 'headers')
    await write(
      context.terminal.streams.stderr,
      `warning: ${winner} is set in the environment and overrides the stored ${key}\n`,
    );
  return 0;
}

async function setValue({ key, value }: SetOptions, profile: ChangedProfile | undefined, context: Context): Promise<void> {
  if (key === 'profile') requireProfile(String(value), context.stores.profiles().stored);
  if (profile === undefined) await (await context.stores.openSettings()).set(key, value);
  else await changeProfile(context, profile.name, (values) => ({ ...values, [key]: value }));
}

/** `orx config unset`: also removes values that cannot be read. */
export const unsetSettings = { parse: parseUnset, run: runUnset };

async function runUnset(keys: readonly SettingKey[], context: Context): Promise<number> {
  const profile = profileToChange(context);
  const ofProfile = profile === undefined ? [] : keys.filter(isProfileSetting);
  const others = keys.filter((key) => !ofProfile.includes(key));
  if (others.length > 0) {
    const store = await context.stores.openSettings();
    const removed = others.map((key) => store.get(key));
    await store.delete(...others);
    await forgetKeys(removed, context);
  }
  if (profile === undefined || ofProfile.length === 0) return 0;
  await removeFromProfile(context, profile.name, ofProfile);
  tellProfile(profile, context);
  return 0;
}

/** Prints which profile was changed, if the user has not typed it. */
function tellProfile({ name, isTyped }: ChangedProfile, context: Context): void {
  if (isTyped) return;
  const text = `note: changed the profile ${name}; for all profiles: orx --profile default config`;
  context.terminal.streams.stderr.write(`${visibleLine(text)}\n`);
}

/** `orx config list`: prints a table or JSON. Shows an invalid value with the reason; that does not fail the command. */
export const listSettings = { parse: parseListSettings, run: runList };

async function runList({ resolved, isJson, isAll }: ListOptions, context: Context): Promise<number> {
  const all = settingRows(resolved, maskKey);
  const rows = isAll ? all : all.filter((row) => row.value !== null);
  if (isJson) await showJson(context, [], rows);
  else
    await showTable(context, {
      isSandbox: false,
      notes: configNotes(rows),
      table: () => configTable(rows),
    });
  return 0;
}

/** `orx config path` */
export const printPath = { parse: () => undefined, run: runPath };

async function runPath(_: undefined, context: Context): Promise<number> {
  await write(context.terminal.streams.stdout, `${(await context.stores.openSettings()).path}\n`);
  return 0;
}
