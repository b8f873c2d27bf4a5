const DATE = /-(?:20\d{2}-\d{2}-\d{2}|20\d{6})$/;

/**
 * Normalizes a vendor's name of a model or an OpenRouter slug for comparison: `claude-sonnet-4.6` equals `claude-sonnet-4-6`.
 * Ignores case, dots, underscores, and Google's `models/` and `-001`.
 */
export function comparableName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^models\//, '')
    .replace(/-00\d$/, '')
    .replaceAll(/[._]/g, '-');
}

/**
 * Removes the date at the end of a name: `gpt-5-2025-08-07` → `gpt-5`. Keeps a year and month alone (`2512`), which is a version.
 */
export function undated(name: string): string {
  return name.trim().replace(DATE, '');
}

/** Returns the words of a name in sorted order: OpenRouter's dated slugs have another order (`claude-4.5-sonnet-20250929`). */
export function sortedWords(name: string): string {
  return comparableName(name.replace(/(20\d{2})-(\d{2})-(\d{2})$/, '$1$2$3'))
    .split('-')
    .sort()
    .join('-');
}
