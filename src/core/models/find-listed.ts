import type { Model } from '../../apis/catalogue.ts';
import { isDirect } from '../../apis/direct-id.ts';
import { isSameName } from '../model-id/served-model.ts';

/** The model that a request names: its own entry, else, for a variant that only routes (`:nitro`), that of the model itself; or its permanent slug. */
export function findListed(name: string, models: readonly Model[]): Model | undefined {
  // A vendor may answer under the dated name of what was asked for.
  if (isDirect(name))
    return models.find(({ id }) => id === name) ?? models.find(({ id }) => isDirect(id) && isSameName(id, name));
  const plain = name.replace(/(:[\w-]+)+$/, '');
  return (
    models.find(({ id }) => id === name) ??
    models.find(({ id }) => id === plain) ??
    models.find(({ canonicalSlug }) => canonicalSlug === plain)
  );
}
