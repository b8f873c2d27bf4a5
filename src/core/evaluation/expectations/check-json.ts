import { OrxError } from '../../../errors.ts';
import { isJson } from '../../../text/is-json.ts';
import { answerChecker, type CheckAnswer } from '../../schema/check-answer.ts';
import type { JsonSchema } from '../../schema/parse-schema.ts';
import type { CheckFinding } from './check-text.ts';
import { findJson, parseAnswerJson } from './find-json.ts';
import { checkPath } from './json-path.ts';
import type { JsonType } from './types.ts';
import { anyText } from '../../../text/any-text.ts';

const checkers = new WeakMap<object, CheckAnswer>();

/**
 * Returns whether an answer is or contains JSON that fits. `value` is a schema, or of the type `json` a path with a comparison. Throws kind `usage`
 * for a schema or a path that cannot be used.
 */
export function checkJson(type: JsonType, text: string, value: unknown): CheckFinding {
  if (type === 'json') {
    const json = parseAnswerJson(text) ?? firstOf(findJson(text));
    return json === undefined ? { isMet: false, reason: 'is JSON' } : checkPath(json.value, anyText(value));
  }
  const check = value === undefined || value === null ? undefined : checkerOf(value);
  if (type === 'is-json') return fit(text, check);
  let last: CheckFinding = { isMet: false, reason: 'contains JSON' };
  for (const found of findJson(text)) {
    last = fit(JSON.stringify(found), check);
    if (last.isMet) return { isMet: true, reason: 'contains JSON' };
  }
  return last;
}

/** Throws kind `usage` for a value that is no schema. */
export function checkerOf(schema: unknown): CheckAnswer {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema))
    throw new OrxError('the schema is not an object', { kind: 'usage' });
  const known = checkers.get(schema);
  if (known !== undefined) return known;
  const made = answerChecker(schema as JsonSchema);
  checkers.set(schema, made);
  return made;
}

function fit(text: string, check: CheckAnswer | undefined): CheckFinding {
  if (check === undefined) return { isMet: isJson(text), reason: 'is JSON as a whole, without other text' };
  const error = check(text);
  return { isMet: error === undefined, reason: error === undefined ? 'matches the schema' : error.message };
}

function firstOf(values: Iterable<unknown>): { value: unknown } | undefined {
  for (const value of values) return { value };
  return undefined;
}
