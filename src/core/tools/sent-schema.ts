type Schema = Readonly<Record<string, unknown>>;

/** Keywords by the type of their value. */
const SCHEMA = new Set(['items', 'not', 'if', 'then', 'else', 'contains', 'additionalProperties']);
const LISTS = new Set(['items', 'anyOf', 'oneOf', 'allOf', 'prefixItems']);
const TABLES = new Set(['properties', 'patternProperties', '$defs', 'definitions']);

/**
 * Returns the schema of a tool's arguments in a form that strict providers accept, with the same meaning: an object has `properties`, a list has
 * `items`, and a property for any value is `{}`, not `true`. Otherwise they reject the whole request.
 */
export function sentSchema(schema: Schema): Schema {
  return complete({ type: 'object', ...schema });
}

function complete(schema: Schema): Schema {
  const inner = Object.entries(schema).map(([name, value]): [string, unknown] => {
    if (LISTS.has(name) && Array.isArray(value)) return [name, value.map(anySchema)];
    if (TABLES.has(name) && isTable(value)) return [name, mapValues(value, anySchema)];
    return [name, SCHEMA.has(name) && isTable(value) ? complete(value) : name === 'items' ? anySchema(value) : value];
  });
  return {
    ...Object.fromEntries(inner),
    ...(schema['type'] === 'object' && schema['properties'] === undefined && { properties: {} }),
    ...(schema['type'] === 'array' && schema['items'] === undefined && schema['prefixItems'] === undefined && { items: {} }),
  };
}

function anySchema(schema: unknown): unknown {
  if (schema === true) return {};
  return isTable(schema) ? complete(schema) : schema;
}

function mapValues(table: Schema, change: (value: unknown) => unknown): Schema {
  return Object.fromEntries(Object.entries(table).map(([name, value]) => [name, change(value)]));
}

function isTable(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
