import { type BudgetWords, budgetsFrom } from '../../core/settings/budget.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';
import type { BudgetFlags } from './budget-flags.ts';

export interface SetOptions {
  settings: ConnectionSettings;
  /** The project is a folder as typed. */
  budgets: ReturnType<typeof budgetsFrom>;
}

export interface ListOptions {
  settings: ConnectionSettings;
  isJson: boolean;
}

export interface RemoveOptions {
  settings: ConnectionSettings;
  /** Numbers as typed. */
  numbers: readonly string[];
}

export function parseBudgets({ settings, options }: CommandInput<BudgetFlags>): SetOptions {
  const words: BudgetWords = options;
  return { settings, budgets: budgetsFrom(words) };
}

export function parseList({ settings, options }: CommandInput<JsonFlags>): ListOptions {
  return { settings, isJson: options.json === true };
}

export function parseRemove({ settings, words }: CommandInput): RemoveOptions {
  return { settings, numbers: words };
}
