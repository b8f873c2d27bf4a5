import { Validator } from '@cfworker/json-schema';
import { OrxError, usageError } from '../../errors.ts';
import type { JsonSchema } from './parse-schema.ts';

const SHOWN = 120;

/** Checks answers against a schema. Throws kind `usage` at once for a schema that cannot be used, such as one with a reference to nowhere. */
export function answerChecker(schema: JsonSchema): (text: string) => OrxError | undefined {
  const validator = new Validator(schema, '2020-12', false);
  try {
    for (const value of [{}, [], '', 0, null]) validator.validate(value);
  } catch (error) {
    throw usageError(`the schema cannot be used: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }
  return (text) => {
    let value: unknown;
    try {
      value = JSON.parse(text);
    } catch {
      const start = text.trim().slice(0, SHOWN);
      return misfit(start === '' ? 'it is empty' : `it is no JSON, and begins with ${JSON.stringify(start)}`);
    }
    const { valid, errors } = validator.validate(value);
    if (valid) return undefined;
    // Outer places fail because inner ones do: the innermost says what is wrong.
    const innermost = errors.toSorted((a, b) => depth(b.instanceLocation) - depth(a.instanceLocation))[0];
    if (innermost === undefined) return misfit('it does not say where');
    const place = innermost.instanceLocation.replace(/^#\/?/, '').replaceAll('~1', '/').replaceAll('~0', '~');
    return misfit(`${place === '' ? 'the whole' : `at ${place}`}: ${innermost.error}`);
  };
}

function depth(location: string): number {
  return location.split('/').length;
}

function misfit(reason: string): OrxError {
  return new OrxError(`the answer does not fit the schema: ${reason}`, {
    kind: 'provider',
    code: 'schema-mismatch',
    hints: ['try again, or a model that supports structured output'],
  });
}
