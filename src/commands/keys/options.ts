import type { KeyChanges, NewKey } from '../../apis/managed-keys.ts';
import { parseKeyChanges, parseNewKey } from '../../core/managed-keys/parse-key.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { AddKeyFlags, SetKeyFlags } from './flags.ts';

export interface ListManagedOptions {
  settings: ConnectionSettings;
  isJson: boolean;
}

export interface OneManagedOptions extends ListManagedOptions {
  /** A name, or the start of a hash. */
  word: string;
}

export interface AddManagedOptions extends ListManagedOptions {
  key: NewKey;
}

export interface SetManagedOptions extends OneManagedOptions {
  changes: KeyChanges;
}

export function parseListManaged({ settings, options }: CommandInput<JsonFlags>): ListManagedOptions {
  if (settings.sandbox)
    throw usageError('the sandbox has no keys to manage', 'manage the keys of your account: orx keys list --no-sandbox');
  return { settings, isJson: options.json === true };
}

export function parseOneManaged(input: CommandInput<JsonFlags>): OneManagedOptions {
  return { ...parseListManaged(input), word: input.words[0] ?? '' };
}

export function parseAddManaged(input: CommandInput<AddKeyFlags & JsonFlags>): AddManagedOptions {
  return { ...parseListManaged(input), key: parseNewKey(input.words[0] ?? '', input.options, input.now) };
}

export function parseSetManaged(input: CommandInput<SetKeyFlags & JsonFlags>): SetManagedOptions {
  return { ...parseOneManaged(input), changes: parseKeyChanges(input.options) };
}
