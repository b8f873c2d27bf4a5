import { type OutputUnit, type Schema, type SchemaDraft, Validator } from '@cfworker/json-schema';
import { OrxError, usageError } from '../../errors.ts';
import { checkSchema } from './check-schema.ts';
import type { JsonSchema } from './parse-schema.ts';
import { anyText } from '../../text/any-text.ts';
import { unescapePointer } from '../../text/json-pointer.ts';

/** Checks the text of an answer against a schema. Returns undefined if it matches. */
export type CheckAnswer = (text: string) => OrxError | undefined;

const SHOWN = 120;

/**
 * Returns a function that checks answers against a schema. Throws kind `usage` immediately for a schema that cannot be used. The returned
 * function never throws.
 */
export function answerChecker(schema: JsonSchema): CheckAnswer {
  const validator = usable(schema);
  return (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const start = text.trim().slice(0, SHOWN);
      return misfit(start === '' ? 'it is empty' : `it is not JSON, and begins with ${JSON.stringify(start)}`);
    }
    try {
      const { valid, errors } = validator.validate(value);
      return valid ? undefined : misfit(innermost(errors));
    } catch (error) {
      return misfit(
        error instanceof RangeError ? 'it is nested too deeply to be checked' : `it cannot be checked (${String(error)})`,
      );
    }
  };
}

function usable(given: JsonSchema): Validator {
  try {
    // The library writes the targets of references into the schema itself.
    const schema = structuredClone(given) as JsonSchema;
    checkSchema(schema);
    return new Validator(schema as Schema, draftOf(schema), false);
  } catch (error) {
    if (error instanceof RangeError) throw usageError('invalid schema: it is nested too deeply');
    throw error;
  }
}

function draftOf({ $schema }: JsonSchema): SchemaDraft {
  const [, draft] = /draft-0?([47])\b|draft\/(2019-09)\b/.exec(anyText($schema))?.filter((part) => part !== undefined) ?? [];
  return (draft as SchemaDraft | undefined) ?? '2020-12';
}

/** Outer locations fail because inner ones do: the innermost error says what is wrong. */
function innermost(errors: readonly OutputUnit[]): string {
  const error = errors.toSorted((a, b) => depth(b.instanceLocation) - depth(a.instanceLocation))[0];
  if (error === undefined) return 'at an unknown place';
  const place = unescapePointer(error.instanceLocation.replace(/^#\/?/, ''));
  return `${place === '' ? 'the whole' : `at ${place}`}: ${error.error}`;
}

function depth(location: string): number {
  return location.split('/').length;
}

function misfit(reason: string): OrxError {
  return new OrxError(`the response does not match the schema: ${reason}`, {
    kind: 'provider',
    code: 'schema-mismatch',
    hints: ['try again, or find a model that supports structured output: orx models --structured'],
  });
}
