const DATE = /-(?:20\d{2}-\d{2}-\d{2}|20\d{6})$/;

/**
 * A vendor's name of a model, or the slug of OpenRouter's, so that both compare: `claude-sonnet-4.6` and `claude-sonnet-4-6` are one.
 * Capitals, points and underscores make no difference, nor does Google's `models/` and `-001`.
 */
export function comparableName(name: string): string {
  return name
    .trim()
    .toLowerCase()
    .replace(/^models\//, '')
    .replace(/-00\d$/, '')
    .replaceAll(/[._]/g, '-');
}

/** The name without the date at its end: `gpt-5-2025-08-07` → `gpt-5`. A year and a month alone (`2512`) are a version and stay. */
export function undated(name: string): string {
  return name.trim().replace(DATE, '');
}

/** The words of a name in an order of their own: OpenRouter's dated slugs put them in another one (`claude-4.5-sonnet-20250929`). */
export function sortedWords(name: string): string {
  return comparableName(name.replace(/(20\d{2})-(\d{2})-(\d{2})$/, '$1$2$3'))
    .split('-')
    .sort()
    .join('-');
}
