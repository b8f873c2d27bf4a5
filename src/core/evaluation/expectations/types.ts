/** Expectations that a model grades. */
export const JUDGED_TYPES = [
  'llm-rubric',
  'g-eval',
  'factuality',
  'similar',
  'model-graded-closedqa',
  'answer-relevance',
  'select-best',
] as const;
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

/** Old names of types. */
export const OLD_TYPES: Readonly<Record<string, string>> = {
  fn: 'javascript',
  eval: 'javascript',
  grade: 'llm-rubric',
  'model-graded-factuality': 'factuality',
};

/** Returns whether orx can evaluate this type, with a judge for those that need one. */
export function isKnownType(type: string): boolean {
  return (
    needsJudge(type) ||
    isOneOf(TEXT_TYPES, type) ||
    isOneOf(JSON_TYPES, type) ||
    ['javascript', 'latency', 'cost', 'assert-set'].includes(type)
  );
}

export function isOneOf<T extends string>(list: readonly T[], text: string): text is T {
  return (list as readonly string[]).includes(text);
}
