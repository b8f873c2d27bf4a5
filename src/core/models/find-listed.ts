import type { Model } from '../../apis/catalogue.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { isSameName } from '../model-id/served-model.ts';

/**
 * Returns the model that a request names: its own entry, or, for a variant that only affects routing (`:nitro`), the entry of the model itself;
 * also finds permanent slugs.
 */
export function findListed(name: string, models: readonly Model[]): Model | undefined {
  // A vendor may answer with the dated name of the requested model.
  if (isDirect(name))
    return models.find(({ id }) => id === name) ?? models.find(({ id }) => isDirect(id) && isSameName(id, name));
  const plain = name.replace(/(:[\w-]+)+$/, '');
  return (
    models.find(({ id }) => id === name) ??
    models.find(({ id }) => id === plain) ??
    models.find(({ canonicalSlug }) => canonicalSlug === plain)
  );
}
