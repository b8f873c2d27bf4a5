import type { ListedModel } from '../dialect.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asArray, asCount, asObject, asText, type WireObject } from '../wire/wire-value.ts';
import { OrxError } from '../../errors.ts';

/** Decodes Anthropic's list of the account's models. Throws OrxError for a body that is not a list. */
export function decodeModelList(body: string): readonly ListedModel[] {
  const wire = parseReply(body);
  if (!Array.isArray(wire['data'])) {
    throw new OrxError('the response contains no list of models', {
      kind: 'provider',
      code: 'empty-reply',
      hints: ['check the base URL of the vendor: orx vendors list'],
    });
  }
  return asArray(wire['data']).flatMap((item) => decodeListed(asObject(item) ?? {}) ?? []);
}

function decodeListed(wire: WireObject): ListedModel | undefined {
  const id = asText(wire['id']);
  if (id === undefined) return undefined;
  const capabilities = asObject(wire['capabilities']);
  return {
    id,
    name: asText(wire['display_name']),
    created: secondsOf(wire['created_at']),
    contextLength: asCount(wire['max_input_tokens']),
    maxCompletionTokens: asCount(wire['max_tokens']),
    ...(capabilities !== undefined && {
      inputModalities: inputsOf(capabilities),
      outputModalities: ['text'],
      supportedParameters: parametersOf(capabilities),
    }),
  };
}

function secondsOf(value: unknown): number | undefined {
  const ms = Date.parse(asText(value) ?? '');
  // The list has 1970 for unknown dates.
  return Number.isFinite(ms) && ms > 0 ? Math.floor(ms / 1000) : undefined;
}

function inputsOf(capabilities: WireObject): readonly string[] {
  return [
    'text',
    ...(isSupported(capabilities['image_input']) ? ['image'] : []),
    ...(isSupported(capabilities['pdf_input']) ? ['file'] : []),
  ];
}

/** Every model of Anthropic supports tools. */
function parametersOf(capabilities: WireObject): readonly string[] {
  return [
    'max_tokens',
    'stop',
    'tools',
    'tool_choice',
    ...(isSupported(capabilities['thinking']) ? ['reasoning', 'include_reasoning'] : []),
    ...(isSupported(capabilities['effort']) ? ['verbosity'] : []),
    ...(isSupported(capabilities['structured_outputs']) ? ['structured_outputs', 'response_format'] : []),
  ];
}

function isSupported(value: unknown): boolean {
  return asObject(value)?.['supported'] === true;
}
