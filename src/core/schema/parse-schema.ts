import { usageError } from '../../errors.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const TYPES: Readonly<Record<string, string>> = {
  str: 'string',
  string: 'string',
  text: 'string',
  int: 'integer',
  integer: 'integer',
  float: 'number',
  number: 'number',
  bool: 'boolean',
  boolean: 'boolean',
};

const FIELD = /^([A-Za-z_]\w*)(\[\])?(?:\s+([A-Za-z]+)(\[\])?)?(?:\s*:\s*(.+))?$/;

/** Parses the text of a JSON Schema. Throws kind `usage` if it is not a JSON object. */
export function parseJsonSchema(name: string, text: string): JsonSchema {
  const schema = parsed(name, text);
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw usageError(
      `${name} is not a JSON Schema: it is not an object`,
      'use a short list of fields instead: --schema "name, age int, tags[]"',
    );
  }
  return schema as JsonSchema;
}

function parsed(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw usageError(`${name} is not valid JSON: ${(error as Error).message}`);
  }
}

/**
 * Returns the schema of an object with these fields, all of them required: `name`, `age int`, `tags[]`, `scores float[]`. A field may have a
 * description after a colon. Fields are separated by commas, or by line breaks if a description contains a comma. Throws kind `usage`.
 */
export function parseFieldList(text: string): JsonSchema {
  const pieces = text.split(text.trim().includes('\n') ? '\n' : ',').map((piece) => piece.trim().replace(/,$/, ''));
  const properties: Record<string, unknown> = {};
  for (const piece of pieces.filter((one) => one !== '')) {
    const [whole, field, isList, typeName = 'string', isTypeList, description] = FIELD.exec(piece) ?? [];
    const type = TYPES[typeName];
    if (whole === undefined || field === undefined || type === undefined) {
      throw usageError(
        `"${piece}" is not a schema field`,
        'write fields like these: --schema "name, age int, tags[], score float: from 0 to 1"',
      );
    }
    if (Object.hasOwn(properties, field)) throw usageError(`the schema has the field ${field} twice`);
    const value = isList === undefined && isTypeList === undefined ? { type } : { type: 'array', items: { type } };
    properties[field] = description === undefined ? value : { ...value, description };
  }
  const required = Object.keys(properties);
  if (required.length === 0)
    throw usageError('the schema has no fields', 'write fields like these: --schema "name, age int, tags[]"');
  return { type: 'object', properties, required, additionalProperties: false };
}
