import { entryName } from '../../core/model-id/name.ts';
import { storedValue } from '../../core/settings/resolve.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { Run } from '../register.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import { showJson } from '../show-table.ts';

/** `orx fav add` */
export const addFavourites: Run = async ({ words, flags }, context) => {
  const { values: settings } = context.stores.resolveSettings(flags);
  const ids = (await resolveNames(words, settings, context, { isQuiet: false })).map(entryName);
  if (ids.includes('')) throw usageError('a preset is no model of the catalogue', 'name a model: orx models <words>');
  await changeFavourites((favourites) => [...new Set([...favourites, ...ids])], context);
  return 0;
};

/** `orx fav list` */
export const listFavourites: Run = async ({ options, flags }, context) => {
  const { favourites = [] } = context.stores.resolveSettings(flags).values;
  if (options['json'] === true) await showJson(context, [], favourites);
  else await write(context.terminal.streams.stdout, favourites.map((id) => `${visibleLine(id)}\n`).join(''));
  return 0;
};

/** `orx fav remove`: a model that is none is a mistake. */
export const removeFavourites: Run = async ({ words, flags }, context) => {
  const { values: settings } = context.stores.resolveSettings(flags);
  const favourites = settings.favourites ?? [];
  const ids: string[] = [];
  for (const word of words) {
    // One that the catalogue no longer has must still go.
    const [match = word] = favourites.includes(word) ? [word] : await resolveNames([word], settings, context, { isQuiet: true });
    const id = entryName(match);
    if (!favourites.includes(id)) throw usageError(`${id} is no favourite`, 'all favourites: orx fav list');
    ids.push(id);
  }
  await changeFavourites((stored) => stored.filter((id) => !ids.includes(id)), context);
  return 0;
};

/** Changes the stored favourites, with no other process in between. */
export async function changeFavourites(
  change: (favourites: readonly string[]) => readonly string[],
  context: Context,
): Promise<void> {
  const store = await context.stores.openSettings();
  await store.update('favourites', (stored) => {
    const ids = change(storedValue('favourites', stored) ?? []);
    return ids.length === 0 ? undefined : ids;
  });
}
