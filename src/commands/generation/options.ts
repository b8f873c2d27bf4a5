import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { usageError } from '../../errors.ts';
import type { CommandInput } from '../register.ts';
import type { JsonFlags } from '../with-json.ts';

export interface GenerationOptions {
  settings: ConnectionSettings;
  /** A generation id; undefined: the last one in the ledger. */
  id: string | undefined;
  isJson: boolean;
}

export function parseGeneration({ words: [what = 'last'], options, settings }: CommandInput<JsonFlags>): GenerationOptions {
  const id = what.trim();
  if (id === '' || /\s/.test(id))
    throw usageError(
      `"${what}" is not a generation id`,
      'show the last request: orx show last',
      'list requests with their ids: orx cost --json',
    );
  return { settings, id: id === 'last' ? undefined : id, isJson: options.json === true };
}
