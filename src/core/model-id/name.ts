import { isDirect } from '../../apis/direct-id.ts';

/** A model as it is named: `author/slug:variant:variant@preset/name`, each part but one may be missing. */
export interface ModelName {
  /** What is left without variants and preset; empty for a preset alone. */
  base: string;
  /** Variants that are models of their own in the catalogue, such as `free`, in the order given. */
  ownVariants: readonly string[];
  /** Variants that any model takes, such as `nitro`, in the order given. */
  anyVariants: readonly string[];
  /** `@preset/name` */
  preset: string;
}

const ANY_VARIANTS: ReadonlySet<string> = new Set(['nitro', 'floor', 'online', 'exacto']);
const OWN_VARIANTS: ReadonlySet<string> = new Set(['free', 'thinking', 'extended', 'batch', 'beta']);
const PRESET = /@preset\/[a-z0-9][a-z0-9._-]*$/i;
const COMPLETE = /^~?[^\s/@~]+\/[^\s/@]+$/;

/** Takes a name apart. What follows a colon and is no variant stays with the base. A direct id has neither variants nor a preset. */
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

/** Whether the API can take the name as it stands, as far as its form tells: `author/slug` with anything behind, a preset alone, or a direct id. */
export function isCompleteName({ base, preset }: ModelName): boolean {
  return isDirect(base) || COMPLETE.test(base) || (base === '' && preset !== '');
}

/**
 * What a shell leaves of the newest of a family: `author/x-latest` without the `~` that it would replace, or `x@latest`. The id that is
 * meant, without its `~`; undefined for any other name.
 */
export function latestName({ base }: ModelName): string | undefined {
  if (base.startsWith('~') || isDirect(base)) return undefined;
  if (/[^@]@latest$/i.test(base)) return `${base.slice(0, -'@latest'.length)}-latest`;
  return /-latest$/i.test(base) ? base : undefined;
}

/** The name without what has no entry of its own in the catalogue: variants that any model takes, and a preset. */
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
