import { SETTINGS } from '../../core/settings/settings.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { type ChangedProfile, changeProfile, profileToChange, withoutKeysOf } from './change-profile.ts';

/** `orx auth logout`: removes the stored key, or the key of the selected profile. Without a key, prints a note and succeeds. */
export const logOut = { parse: () => undefined, run: runLogout };

async function runLogout(_: undefined, context: Context): Promise<number> {
  const profile = profileToChange(context);
  const lines = [await (profile === undefined ? removeStored(context) : removeFrom(profile, context))];
  const name = SETTINGS['api-key'].env?.find((variable) => (context.env[variable] ?? '') !== '');
  if (name !== undefined && profile?.isTyped !== true) lines.push(`warning: ${name} is set in the environment and is still used`);
  await write(context.terminal.streams.stderr, lines.map((line) => `${visibleLine(line)}\n`).join(''));
  return 0;
}

async function removeStored(context: Context): Promise<string> {
  const store = await context.stores.openSettings();
  const removed = await store.delete('api-key');
  return removed.length > 0 ? `removed the key from ${store.path}` : 'no key was stored';
}

async function removeFrom({ name }: ChangedProfile, context: Context): Promise<string> {
  let hadKey = false;
  const path = await changeProfile(context, name, (values) => {
    hadKey = values['api-key'] !== undefined;
    return withoutKeysOf(values, ['api-key']);
  });
  return hadKey ? `removed the key of the profile ${name} from ${path}` : `the profile ${name} has no stored key`;
}
