import { entryName } from '../../core/model-id/name.ts';
import { storedValue } from '../../core/settings/resolve.ts';
import { usageError } from '../../errors.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { type ListOptions, type NamesOptions, parseListed, parseNames } from './name-options.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import { showJson } from '../show-table.ts';

/** `orx fav add` */
export const addFavorites = { parse: parseNames, run: runAdd };

async function runAdd({ settings, names }: NamesOptions, context: Context): Promise<number> {
  const ids = (await resolveNames(names, settings, context, { isQuiet: false })).map(entryName);
  if (ids.includes('')) throw usageError('a preset is not a model of the catalog', SEARCH_MODELS);
  await changeFavorites((favorites) => [...new Set([...favorites, ...ids])], context);
  return 0;
}

/** `orx fav list` */
export const listFavorites = { parse: parseListed, run: runList };

async function runList({ settings: { favorites = [] }, isJson }: ListOptions, context: Context): Promise<number> {
  if (isJson) await showJson(context, [], favorites);
  else if (favorites.length === 0) context.terminal.streams.stderr.write('no favorites; add one: orx fav add openai/gpt-4o\n');
  else await write(context.terminal.streams.stdout, favorites.map((id) => `${visibleLine(id)}\n`).join(''));
  return 0;
}

/** `orx fav remove`: a model that is not a favorite is an error. */
export const removeFavorites = { parse: parseNames, run: runRemove };

async function runRemove({ settings, names }: NamesOptions, context: Context): Promise<number> {
  const favorites = settings.favorites ?? [];
  const ids: string[] = [];
  for (const word of names) {
    // A favorite that the catalog no longer contains can still be removed.
    const [match = word] = favorites.includes(word) ? [word] : await resolveNames([word], settings, context, { isQuiet: true });
    const id = entryName(match);
    if (!favorites.includes(id)) throw usageError(`${id} is not a favorite`, 'list the favorites: orx fav list');
    ids.push(id);
  }
  await changeFavorites((stored) => stored.filter((id) => !ids.includes(id)), context);
  return 0;
}

/** Changes the stored favorites atomically across processes. */
export async function changeFavorites(
  change: (favorites: readonly string[]) => readonly string[],
  context: Context,
): Promise<void> {
  const store = await context.stores.openSettings();
  await store.update('favorites', (stored) => {
    const ids = change(storedValue('favorites', stored) ?? []);
    return ids.length === 0 ? undefined : ids;
  });
}
