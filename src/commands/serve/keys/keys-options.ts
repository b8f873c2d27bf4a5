import { parseClientKeyBudgets, parseClientKeyName, parseClientKeyRights } from '../../../core/client-keys/parse-client-key.ts';
import type { ConnectionSettings } from '../../../core/settings/groups.ts';
import type { ClientKeyRights } from '../../../storage/client-keys.ts';
import type { Budget } from '../../../storage/ledger/budgets/budget.ts';
import type { CommandInput } from '../../register.ts';
import type { JsonFlags } from '../../with-json.ts';
import type { ClientKeyFlags } from './keys-flags.ts';

export interface CreateKeyOptions {
  settings: ConnectionSettings;
  name: string;
  rights: ClientKeyRights;
  budgets: readonly Omit<Budget, 'id'>[];
  isJson: boolean;
}

export interface NamedKeyOptions {
  settings: ConnectionSettings;
  name: string;
  isJson: boolean;
}

export type ListKeysOptions = Omit<NamedKeyOptions, 'name'>;

export function parseCreateKey({ settings, words, options, now }: CommandInput<ClientKeyFlags & JsonFlags>): CreateKeyOptions {
  const name = parseClientKeyName(words[0] ?? '');
  return {
    settings,
    name,
    rights: parseClientKeyRights(options, now),
    budgets: options.budget === undefined ? [] : parseClientKeyBudgets(options.budget, name),
    isJson: options.json === true,
  };
}

export function parseNamedKey({ settings, words, options }: CommandInput<JsonFlags>): NamedKeyOptions {
  return { settings, name: words[0] ?? '', isJson: options.json === true };
}

export function parseListKeys({ settings, options }: CommandInput<JsonFlags>): ListKeysOptions {
  return { settings, isJson: options.json === true };
}
