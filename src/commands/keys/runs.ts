import { capability } from '../../apis/api.ts';
import type { ManagedKeysCapability } from '../../apis/managed-keys.ts';
import { findManagedKey } from '../../core/managed-keys/find-key.ts';
import { MANAGEMENT_KEY_VARIABLE, withManagementKey } from '../../core/managed-keys/management-key.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { OrxError, withFacts } from '../../errors.ts';
import { managedKeyFields, managedKeyJson, managedKeysTable } from '../../output/keys/managed-keys.ts';
import { fieldText } from '../../output/setup/key.ts';
import { write } from '../../output/text/write-stream.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import {
  type AddManagedOptions,
  type ListManagedOptions,
  type OneManagedOptions,
  parseAddManaged,
  parseListManaged,
  parseOneManaged,
  parseSetManaged,
  type SetManagedOptions,
} from './options.ts';

/** `orx keys list` */
export const listManagedKeys = { parse: parseListManaged, run: runList };

async function runList({ settings, isJson }: ListManagedOptions, context: Context): Promise<number> {
  const keys = await (await openKeys(settings, context)).list({ signal: context.lifetime.interrupt });
  if (isJson) await showJson(context, [], keys.map(managedKeyJson));
  else if (keys.length === 0) context.terminal.streams.stderr.write('no API keys; add one: orx keys add ci --limit 5\n');
  else await showTable(context, { isSandbox: false, notes: [], table: () => managedKeysTable(keys, context.clock.now()) });
  return 0;
}

/** `orx keys show` */
export const showManagedKey = { parse: parseOneManaged, run: runShow };

async function runShow({ settings, word, isJson }: OneManagedOptions, context: Context): Promise<number> {
  const key = findManagedKey(word, await (await openKeys(settings, context)).list({ signal: context.lifetime.interrupt }));
  if (isJson) await showJson(context, [], managedKeyJson(key));
  else await write(context.terminal.streams.stdout, fieldText(managedKeyFields(key, context.clock.now())));
  return 0;
}

/** `orx keys add`: prints the new key alone on standard output, and nowhere else. */
export const addManagedKey = { parse: parseAddManaged, run: runAdd };

async function runAdd({ settings, key: asked, isJson }: AddManagedOptions, context: Context): Promise<number> {
  const { stdout, stderr } = context.terminal.streams;
  const { key, entry } = await (await openKeys(settings, context)).create(asked, { signal: context.lifetime.interrupt });
  if (isJson) await showJson(context, [], { key, ...managedKeyJson(entry) });
  else {
    await write(stdout, `${key}\n`);
    stderr.write(`key "${visibleLine(asked.name)}" is shown this once; neither orx nor the API can show it again\n`);
  }
  return 0;
}

/** `orx keys set` */
export const setManagedKey = { parse: parseSetManaged, run: runSet };

async function runSet({ settings, word, changes, isJson }: SetManagedOptions, context: Context): Promise<number> {
  const { interrupt: signal } = context.lifetime;
  const keys = await openKeys(settings, context);
  const { hash } = findManagedKey(word, await keys.list({ signal }));
  const key = await keys.update(hash, changes, { signal });
  if (isJson) await showJson(context, [], managedKeyJson(key));
  else await write(context.terminal.streams.stdout, fieldText(managedKeyFields(key, context.clock.now())));
  return 0;
}

/** `orx keys remove` */
export const removeManagedKey = { parse: parseOneManaged, run: runRemove };

async function runRemove({ settings, word, isJson }: OneManagedOptions, context: Context): Promise<number> {
  const { interrupt: signal } = context.lifetime;
  const keys = await openKeys(settings, context);
  const key = findManagedKey(word, await keys.list({ signal }));
  await keys.remove(key.hash, { signal });
  if (isJson) await showJson(context, [], managedKeyJson(key));
  else context.terminal.streams.stderr.write(`key "${visibleLine(key.name)}" is removed: the API rejects it from now on\n`);
  return 0;
}

/** Opens the API with the management key of the environment, or else with the API key. */
async function openKeys(settings: ConnectionSettings, context: Context): Promise<ManagedKeysCapability> {
  const api = await context.apis
    .for(withManagementKey(settings, context.env))
    .open({ requireKey: true })
    .catch((error: unknown) => {
      throw error instanceof OrxError && error.code === 'no-key' ? noManagementKey(error) : error;
    });
  return capability(api, 'managedKeys');
}

function noManagementKey(error: OrxError): OrxError {
  return withFacts(error, {
    what: 'no management key',
    hints: [
      `set a management key: export ${MANAGEMENT_KEY_VARIABLE}=KEY`,
      'create a management key: https://openrouter.ai/settings/management-keys',
    ],
  });
}
