/** Expectations that a model grades. */
export const JUDGED_TYPES = ['llm-rubric', 'g-eval', 'factuality', 'similar', 'select-best'] as const;
export type JudgedType = (typeof JUDGED_TYPES)[number];

/** Expectations about the text of an answer. */
export const TEXT_TYPES = [
  'contains',
  'icontains',
  'contains-any',
  'icontains-any',
  'contains-all',
  'icontains-all',
  'contains-word',
  'choice',
  'equals',
  'fuzzy',
  'starts-with',
  'regex',
  'max-length',
  'min-length',
] as const;
export type TextType = (typeof TEXT_TYPES)[number];

export const JSON_TYPES = ['is-json', 'contains-json', 'json'] as const;
export type JsonType = (typeof JSON_TYPES)[number];

/** Returns whether only a model can evaluate this type. */
export function needsJudge(type: string): type is JudgedType {
  return isOneOf(JUDGED_TYPES, type);
}

export function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text);
}
