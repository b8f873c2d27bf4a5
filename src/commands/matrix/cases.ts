import type { EvaluationFile, Expectation, TestCase } from '../../core/evaluation/test-case.ts';
import type { MatrixPlan } from '../../core/matrix/cell.ts';
import type { JsonSchema } from '../../core/schema/parse-schema.ts';
import { usageError } from '../../errors.ts';
import { visibleLine } from '../../output/text/visible.ts';

/** Returns the file's cases that contain all of the texts in id, label or a tag. */
export function filteredCases(file: Pick<EvaluationFile, 'cases'>, filters: readonly string[]): MatrixPlan['cases'] {
  const wanted = filters.map((filter) => filter.toLowerCase());
  if (wanted.length === 0) return file.cases;
  return async function* matching() {
    for await (const testCase of file.cases()) {
      const texts = [testCase.id, testCase.label ?? '', ...testCase.tags].map((text) => text.toLowerCase());
      if (wanted.every((filter) => texts.some((text) => text.includes(filter)))) yield testCase;
    }
  };
}

/** Returns the cases with one more expectation: the whole answer is JSON that matches the schema of `--schema`. */
export function casesWithSchema(cases: MatrixPlan['cases'], schema: JsonSchema | undefined): MatrixPlan['cases'] {
  if (schema === undefined) return cases;
  const expectation: Expectation = { type: 'is-json', isNegated: false, value: schema, weight: 1 };
  return async function* withSchema() {
    for await (const testCase of cases()) yield { ...testCase, expectations: [expectation, ...testCase.expectations] };
  };
}

/** Throws kind `usage` if no case has an expectation: then nothing measures the quality of the lanes. */
export async function checkExpectations(cases: MatrixPlan['cases']): Promise<void> {
  let isEmpty = true;
  for await (const { expectations } of cases()) {
    if (expectations.length > 0) return;
    isEmpty = false;
  }
  // The quote says that no case matches the filter.
  if (isEmpty) return;
  throw usageError(
    '--rank-by quality needs expectations or a judge: no case has an expected text',
    'let a model compare the answers: --judge openai/gpt-4o-mini',
    'name the column with the expected texts: --map expected=COLUMN',
  );
}

/** Returns which group a case belongs to; undefined for a case that is a group of its own. */
export type ClusterOf = (testCase: TestCase) => string | undefined;

/** Returns the groups of `--cluster FIELD`. Throws kind `usage` if no case has this field. */
export async function findClusters(field: string, cases: MatrixPlan['cases']): Promise<ClusterOf> {
  const clusterOf = ({ vars, metadata }: TestCase): string | undefined => {
    const value = Object.hasOwn(vars, field) ? vars[field] : Object.hasOwn(metadata, field) ? metadata[field] : undefined;
    const text = typeof value === 'string' ? value.trim() : value === undefined || value === null ? '' : JSON.stringify(value);
    return text === '' ? undefined : text;
  };
  const known = new Set<string>();
  for await (const testCase of cases()) {
    if (clusterOf(testCase) !== undefined) return clusterOf;
    for (const name of [...Object.keys(testCase.vars), ...Object.keys(testCase.metadata)]) known.add(name);
  }
  throw usageError(
    `--cluster ${visibleLine(field)}: no case has a value in this field`,
    known.size === 0
      ? 'the file has no fields besides prompt and expected text'
      : `use one of these: ${[...known].slice(0, 8).map(visibleLine).join(', ')}`,
  );
}
