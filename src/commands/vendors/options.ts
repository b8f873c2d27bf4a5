import { findVendorName, type DialectName } from '../../apis/vendors.ts';
import { parseVendorName } from '../../core/vendors/vendor-entry.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { httpUrl } from '../../core/settings/parsers.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import { type KeychainChoice, keychainChoice } from '../setup/store-key.ts';
import type { JsonFlags } from '../with-json.ts';
import type { VendorAddFlags } from './flags.ts';

export interface VendorListOptions {
  settings: ConnectionSettings;
  isJson: boolean;
}

export interface VendorTestOptions extends VendorListOptions {
  /** Names of vendors; empty: all that can be used. */
  names: readonly string[];
}

export interface VendorRemoveOptions {
  name: string;
}

export interface VendorAddOptions {
  settings: ConnectionSettings;
  name: string;
  baseUrl: string | undefined;
  dialect: DialectName | undefined;
  keyVariable: string | undefined;
  keyCommand: string | undefined;
  model: string | undefined;
  /**
   * `ask`: the user types the key, and may omit it if the vendor needs none; `read`: the first line of standard input; `take`:
   * the same, if there is any input.
   */
  key: 'none' | 'ask' | 'read' | 'take';
  keychain: KeychainChoice;
}

export function parseVendorList({ options, settings }: CommandInput<JsonFlags>): VendorListOptions {
  return { settings, isJson: options.json === true };
}

export function parseVendorTest({ words, options, settings }: CommandInput<JsonFlags>): VendorTestOptions {
  return { settings, names: words.map(nameOf), isJson: options.json === true };
}

export function parseVendorRemove({ words: [word = ''] }: CommandInput): VendorRemoveOptions {
  // Includes entries stored under a name that is not valid for a vendor.
  return { name: findVendorName(word) ?? word.trim() };
}

export function parseVendorAdd({
  words: [word = ''],
  options,
  flags,
  resolved,
  terminal,
}: CommandInput<VendorAddFlags>): VendorAddOptions {
  const name = nameOf(word);
  const { dialect, keyVariable, keyCommand, model, withKey = false, key: asksKey } = options;
  // On the command line, this flag is the vendor's URL, not OpenRouter's.
  const given = flags['base-url'];
  const baseUrl = typeof given === 'string' ? httpUrl('--base-url')(given) : undefined;
  if (keyVariable !== undefined && !/^[A-Za-z_]\w*$/.test(keyVariable)) {
    throw usageError('--key-variable must be the name of an environment variable, such as LAB_API_KEY');
  }
  const ways = [keyVariable, keyCommand, withKey ? 'y' : undefined, asksKey ? undefined : 'n'].filter((way) => way !== undefined);
  if (ways.length > 1) throw usageError('use only one of --key-variable, --key-command, --with-key and --no-key');
  const key = withKey
    ? 'read'
    : ways.length > 0
      ? 'none'
      : keyWay(baseUrl !== undefined || model !== undefined, terminal.hasKeyboard);
  const keychain = keychainChoice(resolved);
  if (keychain === 'required' && key === 'none')
    throw usageError('--keychain stores a key, and none is given', `store one: orx vendors add ${name} --keychain`);
  return { settings: resolved.values, name, baseUrl, dialect, keyVariable, keyCommand, model, key, keychain };
}

/** Returns how to get the key. `add` requires a key, unless another flag was given and no user can type. */
function keyWay(hasOther: boolean, hasKeyboard: boolean): VendorAddOptions['key'] {
  if (hasKeyboard) return 'ask';
  return hasOther ? 'take' : 'read';
}

function nameOf(word: string): string {
  return findVendorName(word) ?? parseVendorName(word);
}
