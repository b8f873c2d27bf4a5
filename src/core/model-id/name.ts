import { isDirect } from '../../apis/direct-id.ts';

/** A parsed model name: `author/slug:variant:variant@preset/name`. All parts but one may be missing. */
export interface ModelName {
  /** The name without variants and preset; empty if the name is only a preset. */
  base: string;
  /** Variants that are separate models in the catalogue, such as `free`, in the given order. */
  ownVariants: readonly string[];
  /** Variants that every model accepts, such as `nitro`, in the given order. */
  anyVariants: readonly string[];
  /** `@preset/name` */
  preset: string;
}

const ANY_VARIANTS: ReadonlySet<string> = new Set(['nitro', 'floor', 'online', 'exacto']);
const OWN_VARIANTS: ReadonlySet<string> = new Set(['free', 'thinking', 'extended', 'batch', 'beta']);
const PRESET = /@preset\/[a-z0-9][a-z0-9._-]*$/i;
const COMPLETE = /^~?[^\s/@~]+\/[^\s/@]+$/;

/** Parses a model name. Text after a colon that is not a known variant stays in the base. A direct id has neither variants nor a preset. */
export function parseModelName(text: string): ModelName {
  const name = text.trim();
  if (isDirect(name)) return { base: name, ownVariants: [], anyVariants: [], preset: '' };
  const preset = PRESET.exec(name)?.[0] ?? '';
  const words = name.slice(0, name.length - preset.length).split(':');
  const variants: string[] = [];
  while (words.length > 1 && isVariant(words.at(-1)!)) variants.unshift(words.pop()!.toLowerCase());
  return {
    base: words.join(':'),
    ownVariants: variants.filter((variant) => OWN_VARIANTS.has(variant)),
    anyVariants: variants.filter((variant) => ANY_VARIANTS.has(variant)),
    preset,
  };
}

/** Returns whether the API accepts a name of this form: `author/slug` with any suffix, a preset alone, or a direct id. */
export function isCompleteName({ base, preset }: ModelName): boolean {
  return isDirect(base) || COMPLETE.test(base) || (base === '' && preset !== '');
}

/**
 * Returns the id of a latest-alias, without its `~`, for the forms that a user may type instead: `author/x-latest`, because the shell expands
 * `~`, and `x@latest`. Undefined for any other name.
 */
export function latestName({ base }: ModelName): string | undefined {
  if (base.startsWith('~') || isDirect(base)) return undefined;
  if (/[^@]@latest$/i.test(base)) return `${base.slice(0, -'@latest'.length)}-latest`;
  return /-latest$/i.test(base) ? base : undefined;
}

/** Returns the name under which the catalogue lists the model: without the preset and the variants that every model accepts. */
export function entryName(text: string): string {
  const { base, ownVariants } = parseModelName(text);
  return base + variantText(ownVariants);
}

/** `:free:nitro` */
export function variantText(variants: readonly string[]): string {
  return variants.map((variant) => `:${variant}`).join('');
}

function isVariant(word: string): boolean {
  return ANY_VARIANTS.has(word.toLowerCase()) || OWN_VARIANTS.has(word.toLowerCase());
}
