import type { Exclusion } from './filter-targets.ts';
import type { RoutingTable, TagFilter, Target, TargetGroup } from './target.ts';

/** Targets with this tag answer requests without tags, and those with tags that no target has. */
const DEFAULT_TAG = 'default';

/**
 * Splits targets by the tags of a request. A request with tags goes to the targets that have one of them (`any`) or all of them (`all`), else to
 * those with the tag `default`, unless one of the tags has the prefix. A request without tags goes to those with the tag `default`, and to all
 * targets if none has it.
 */
export function filterByTags(
  targets: readonly Target[],
  given: readonly string[],
  filter: TagFilter,
  prefix = '',
): { kept: readonly Target[]; excluded: readonly Exclusion[] } {
  const hasPrefix = prefix !== '' && given.some((tag) => tag.startsWith(prefix));
  const tags = hasPrefix ? given.map((tag) => (tag.startsWith(prefix) ? tag.slice(prefix.length) : tag)) : given;
  const has = (target: Target, tag: string): boolean => target.tags?.includes(tag) === true;
  const matches = (target: Target): boolean =>
    filter === 'all' ? tags.every((tag) => has(target, tag)) : tags.some((tag) => has(target, tag));
  const matching = tags.length === 0 ? [] : targets.filter(matches);
  const defaults = hasPrefix ? [] : targets.filter((target) => has(target, DEFAULT_TAG));
  const kept = matching.length > 0 ? matching : tags.length === 0 && defaults.length === 0 ? targets : defaults;
  const reason =
    tags.length === 0
      ? 'the request has no tags, and another target has the tag default'
      : `it does not have ${wanted(tags, filter)}`;
  return { kept, excluded: targets.filter((target) => !kept.includes(target)).map((target) => ({ target, reason })) };
}

/** Returns the filter for the targets of a name; undefined: tags do not matter. */
export function tagFilterOf({ tagFilter: own }: TargetGroup, { tagFilter }: RoutingTable): TagFilter | undefined {
  const filter = own ?? tagFilter;
  return filter === 'none' ? undefined : filter;
}

/** Returns whether the tags of a request can change where it goes. */
export function readsTags(table: RoutingTable): boolean {
  if (table.tagFilter !== undefined) return true;
  return [...table.groups.values(), ...table.patterns].some((group) => tagFilterOf(group, table) !== undefined);
}

function wanted(tags: readonly string[], filter: TagFilter): string {
  if (tags.length === 1) return `the tag ${tags[0]}`;
  return `${filter === 'all' ? 'all' : 'any'} of the tags ${tags.join(', ')}`;
}
