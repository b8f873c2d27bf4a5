import type { ConnectionSettings } from '../../core/settings/groups.ts';
import type { Context } from '../context.ts';
import { mistypedCommand } from '../unknown-command.ts';
import { printKeptList } from './kept-list.ts';
import { type ModelsOptions, parseModels } from './options.ts';

/** `orx models`: the live table, or the list in the requested format. */
export const models = { parse: parseModels, run: runModels };

async function runModels(options: ModelsOptions, context: Context): Promise<number> {
  const { settings } = options;
  await refuseMistyped(options.words, settings, context);
  if (options.isLive) return (await import('./live.ts')).runLiveModels(options, context);
  if (await printKeptList(options, context)) return 0;
  const [{ listedModels }, { showModels }] = await Promise.all([import('./listed.ts'), import('./show-models.ts')]);
  await showModels(await listedModels(options, context), options, context);
  return 0;
}

/**
 * Throws an error for a mistyped command, unless the stored catalog has a model that matches the words. Other words are a search.
 */
async function refuseMistyped(words: readonly string[], settings: ConnectionSettings, context: Context): Promise<void> {
  const error = mistypedCommand(words, ['show', 'diff']);
  if (error === undefined) return;
  const [{ filterModels }, reading] = await Promise.all([
    import('../../core/models/filter-models.ts'),
    context.apis
      .for(settings)
      .readCatalogue({ offline: true })
      .catch(() => undefined),
  ]);
  if (filterModels(reading?.catalogue.models ?? [], { search: words.join(' ') }).length === 0) throw error;
}
