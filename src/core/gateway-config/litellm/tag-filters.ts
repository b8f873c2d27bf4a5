import type { TagFilter } from '../../routing/target.ts';
import type { ConvertedModels } from './model-list.ts';
import type { ConversionNotes } from './notes.ts';

interface TagFilters {
  /** Of all names without one of their own. */
  general: TagFilter | undefined;
  /** Of the names whose entries differ from that. */
  own: ReadonlyMap<string, TagFilter | 'none'>;
}

/**
 * Converts `enable_tag_filtering`, which the first entry of a name with `model_info.enable_tag_filtering` replaces for all of them, and
 * `tag_filtering_match_any`.
 */
export function convertTagFilters(
  isEnabled: boolean,
  matchesAny: boolean,
  models: ConvertedModels,
  notes: ConversionNotes,
): TagFilters {
  const filter = matchesAny ? 'any' : 'all';
  const own = new Map<string, TagFilter | 'none'>();
  let hasIdleTags = false;
  for (const [name, targets] of models) {
    const filters = targets.find(({ filtersTags }) => filtersTags !== undefined)?.filtersTags ?? isEnabled;
    if (filters !== isEnabled) own.set(name, filters ? filter : 'none');
    hasIdleTags ||= !filters && targets.some(({ config: { tags } }) => tags !== undefined);
  }
  if (hasIdleTags) notes.add('litellm_params.tags: not used without enable_tag_filtering');
  return { general: isEnabled ? filter : undefined, own };
}
