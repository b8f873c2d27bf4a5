import type { CatalogueSettings, ConnectionSettings } from '../../core/settings/groups.ts';
import { aliasName } from '../../core/settings/parsers.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';

/** Names of models or aliases. */
export interface NamesOptions {
  settings: ConnectionSettings & CatalogueSettings;
  names: readonly string[];
}

export interface SetAliasOptions {
  settings: ConnectionSettings & CatalogueSettings;
  name: string;
  model: string;
}

export interface ListOptions {
  settings: CatalogueSettings;
  isJson: boolean;
}

export function parseNames({ words, settings }: CommandInput): NamesOptions {
  return { settings, names: words };
}

export function parseSetAlias({ words: [given = '', model = ''], settings }: CommandInput): SetAliasOptions {
  const name = aliasName(given);
  // A comma separates aliases when they are listed in one text.
  if (model.includes(',')) throw usageError(`an alias must refer to one model, not to "${model}"`);
  return { settings, name, model };
}

export function parseListed({ options, settings }: CommandInput<JsonFlags>): ListOptions {
  return { settings, isJson: options.json === true };
}
