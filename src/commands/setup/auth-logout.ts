import { keychainAccountIn } from '../../core/settings/keys/keychain-reference.ts';
import { SETTINGS } from '../../core/settings/settings.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { type ChangedProfile, changeProfile, profileToChange, withoutKeysOf } from './change-profile.ts';
import { forgetKeys } from './store-key.ts';

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
  let before: unknown;
  await store.update('api-key', (stored) => void (before = stored));
  const isForgotten = await forgetKeys([before], context);
  if (keychainAccountIn(before) !== undefined && isForgotten) return 'removed the key from the system keychain';
  return before !== undefined ? `removed the key from ${store.path}` : 'no key was stored';
}

async function removeFrom({ name }: ChangedProfile, context: Context): Promise<string> {
  let before: unknown;
  const path = await changeProfile(context, name, (values) => {
    before = values['api-key'];
    return withoutKeysOf(values, ['api-key']);
  });
  const isForgotten = await forgetKeys([before], context);
  if (keychainAccountIn(before) !== undefined && isForgotten)
    return `removed the key of the profile ${name} from the system keychain`;
  return before !== undefined ? `removed the key of the profile ${name} from ${path}` : `the profile ${name} has no stored key`;
}
