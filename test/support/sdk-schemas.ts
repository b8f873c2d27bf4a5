import { createRequire } from 'node:module';

type Fields = Readonly<Record<string, unknown>>;

/** What the schemas of vendors' SDKs, which check at run time, have against a request body. */
export type SchemaCheck = (body: Fields) => Promise<string[]>;

/** Mistral's SDK takes camelCase and makes the body of it: fields that it does not know get lost there. */
export const mistralFaults: SchemaCheck = async (body) => {
  const { ChatCompletionStreamRequest$outboundSchema: schema } = await loaded('@mistralai/mistralai/models/components');
  const result = schema.safeParse(mistralParameters(body));
  return result.success ? lostFields(body, result.data, '') : [result.error.message];
};

/** Cohere's SDK reads what goes over the wire with the same schemas by which it writes it. */
export const cohereFaults: SchemaCheck = async ({ stream, ...body }) => {
  const { V2ChatStreamRequest: schema } = createRequire(import.meta.url)(
    '../../node_modules/cohere-ai/serialization/resources/v2/client/requests/V2ChatStreamRequest.js',
  );
  const result = await schema.parse(body, { unrecognizedObjectKeys: 'fail' });
  const faults = result.ok ? [] : result.errors.map(({ path, message }: any) => `${path.join('.')}: ${message}`);
  return stream === true ? faults : [...faults, 'stream: it would not stream'];
};

/** By name at run time, so that no compiler has to read the types of a large SDK. */
async function loaded(module: string): Promise<any> {
  return import(module);
}

/** Fields of Mistral's wire whose values are not its own, but the user's. */
const OPAQUE: ReadonlySet<string> = new Set(['parameters', 'schema', 'metadata']);

/** A body as Mistral's SDK takes it. */
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

/** Where the SDK would send something else than this body, but for defaults that it adds. */
function lostFields(body: unknown, sent: unknown, path: string): string[] {
  if (Array.isArray(body))
    return body.flatMap((item, index) => lostFields(item, (sent as unknown[])[index], `${path}[${index}]`));
  if (typeof body === 'object' && body !== null) {
    return Object.entries(body).flatMap(([name, held]) => lostFields(held, (sent as any)?.[name], `${path}.${name}`));
  }
  return Object.is(body, sent) ? [] : [`${path}: ${JSON.stringify(body)} became ${JSON.stringify(sent)}`];
}
