import type { Candidate, ValueKind } from '../core/completion/outline.ts';
import { resolveSettings } from '../core/resolve-settings.ts';
import type { Settings } from '../core/settings.ts';
import { orxPaths, type Paths } from '../storage/paths.ts';
import { readSettingsFile } from '../storage/settings-file.ts';
import { readStoredIds } from '../storage/stored-ids.ts';
import { catalogueSource } from './catalogue-source.ts';

/** What this machine knows of a kind, read from the settings, the stored catalogue and the ledger. */
export async function knownCandidates(kind: ValueKind, words: readonly string[]): Promise<readonly Candidate[]> {
  const paths = orxPaths(process.env);
  const { values } = resolveSettings({ flags: connectionFlags(words), env: process.env, file: readSettingsFile(paths) });
  switch (kind) {
    case 'model':
      return models(values, paths);
    case 'alias':
      return aliases(values);
    case 'favourite':
      return favourites(values);
    case 'budget':
    case 'conversation':
      return rowsOfLedger(kind, values, paths);
    default:
      return [];
  }
}

/** One's own names first; a model stands once. */
function models(settings: Settings, { cache }: Paths): readonly Candidate[] {
  const own = [...aliases(settings), ...favourites(settings)];
  const names = new Set(own.map(({ value }) => value));
  const ids = readStoredIds(cache, catalogueSource(settings)).filter((id) => !names.has(id));
  return [...own, ...ids.map((value) => ({ value, about: '' }))];
}

// A setting that is damaged is told of by the commands; here the rest is still of use.
function aliases(settings: Settings): readonly Candidate[] {
  return orNothing(() => Object.entries(settings.aliases ?? {})).map(([value, model]) => ({
    value,
    about: /^[\w~@.:/+-]+$/.test(model) ? `alias of ${model}` : 'alias',
  }));
}

function favourites(settings: Settings): readonly Candidate[] {
  return orNothing(() => settings.favourites ?? []).map((value) => ({ value, about: 'favourite' }));
}

async function rowsOfLedger(kind: 'budget' | 'conversation', settings: Settings, { data }: Paths): Promise<Candidate[]> {
  const { readCompletionRows } = await import('../storage/ledger/completion-rows.ts');
  const rows = readCompletionRows({ folder: data, name: settings.sandbox ? 'ledger-sandbox' : 'ledger' });
  if (kind === 'conversation') return (rows?.conversations ?? []).map((value) => ({ value, about: 'conversation' }));
  return (rows?.budgets ?? []).map(({ id, period, limit }) => ({ value: String(id), about: `${limit} USD, ${period}` }));
}

/** Which catalogue and which ledger: what was typed for that counts here as well. */
function connectionFlags(words: readonly string[]): Record<string, unknown> {
  const flags: Record<string, unknown> = {};
  words.forEach((word, at) => {
    if (word === '--sandbox') flags['sandbox'] = true;
    if (word === '--no-sandbox') flags['sandbox'] = false;
    if (word === '--base-url') flags['base-url'] = words[at + 1];
    if (word.startsWith('--base-url=')) flags['base-url'] = word.slice('--base-url='.length);
  });
  return flags;
}

function orNothing<T>(read: () => T[] | readonly T[]): readonly T[] {
  try {
    return read();
  } catch {
    return [];
  }
}
