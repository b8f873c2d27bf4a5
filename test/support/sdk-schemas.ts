import { createRequire } from 'node:module';

type Fields = Readonly<Record<string, unknown>>;

/** Returns the objections of a vendor's SDK schemas, which check at run time, to a request body. */
export type SchemaCheck = (body: Fields) => Promise<string[]>;

/** Mistral's SDK takes camelCase and builds the body from it; it drops fields that it does not know. */
export const mistralFaults: SchemaCheck = async (body) => {
  const { ChatCompletionStreamRequest$outboundSchema: schema } = await loaded('@mistralai/mistralai/models/components');
  const result = schema.safeParse(mistralParameters(body));
  return result.success ? lostFields(body, result.data, '') : [result.error.message];
};

/** Cohere's SDK parses the wire format with the same schemas that it serializes with. */
export const cohereFaults: SchemaCheck = async ({ stream, ...body }) => {
  const { V2ChatStreamRequest: schema } = createRequire(import.meta.url)(
    '../../node_modules/cohere-ai/serialization/resources/v2/client/requests/V2ChatStreamRequest.js',
  );
  const result = await schema.parse(body, { unrecognizedObjectKeys: 'fail' });
  const faults = result.ok ? [] : result.errors.map(({ path, message }: any) => `${path.join('.')}: ${message}`);
  return stream === true ? faults : [...faults, 'stream: it would not stream'];
};

/** Imports by name at run time, so that the compiler does not have to load the types of a large SDK. */
async function loaded(module: string): Promise<any> {
  return import(module);
}

/** Fields in Mistral's wire format whose values are the user's own. */
const OPAQUE: ReadonlySet<string> = new Set(['parameters', 'schema', 'metadata']);

/** Returns a body in the form that Mistral's SDK takes. */
export function mistralParameters(value: unknown): any {
  if (Array.isArray(value)) return value.map(mistralParameters);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, held]) => [camelCase(name), OPAQUE.has(name) ? held : mistralParameters(held)]),
  );
}

function camelCase(name: string): string {
  return name === 'schema' ? 'schemaDefinition' : name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** Returns the paths at which the SDK would send something other than this body, apart from defaults that it adds. */
function lostFields(body: unknown, sent: unknown, path: string): string[] {
  if (Array.isArray(body))
    return body.flatMap((item, index) => lostFields(item, (sent as unknown[])[index], `${path}[${index}]`));
  if (typeof body === 'object' && body !== null) {
    return Object.entries(body).flatMap(([name, held]) => lostFields(held, (sent as any)?.[name], `${path}.${name}`));
  }
  return Object.is(body, sent) ? [] : [`${path}: ${JSON.stringify(body)} became ${JSON.stringify(sent)}`];
}
