import type { ChatRequest } from '../../../apis/completion.ts';
import { isDirect } from '../../../apis/direct-id.ts';
import { badRequest } from '../../bad-request.ts';
import { Fields } from '../fields.ts';
import type { RequestTarget } from '../served-dialect.ts';
import { parseGenerationConfig } from './parse-config.ts';
import { parseContents } from './parse-contents.ts';
import { parseFunctions } from './parse-tools.ts';

/** Names of Google's own models, which its clients write without a vendor. */
const GOOGLE_NAME = /^(gemini|gemma|learnlm)-[^/:]*$/i;

/** What the reply depends on in a request. */
interface AskedForm {
  showsThoughts: boolean;
  /** true: server-sent events; false: the stream is a JSON list. */
  isEvents: boolean;
}

const FORMS = new WeakMap<ChatRequest, AskedForm>();

export function askedForm(request: ChatRequest): AskedForm {
  return FORMS.get(request) ?? { showsThoughts: false, isEvents: true };
}

/**
 * Parses the body of `generateContent` or `streamGenerateContent`. The path contains the model and the method. Throws status 400.
 */
export function parseGeminiRequest(body: string, { parts, query, asksVendor = isDirect }: RequestTarget): ChatRequest {
  const [named = '', method] = parts;
  const fields = Fields.parse(body, true);
  const { tools, toolChoice, googleTools } = parseFunctions(fields);
  const messages = parseContents(fields);
  const cached = fields.text('cachedContent');
  const untranslated = [
    ...googleTools.map((name) => `the tool ${name.slice(0, 60)}`),
    ...(cached === undefined ? [] : ['cachedContent']),
  ];
  // Only orx can read what it has sealed, so such a conversation is translated even for Google.
  const isSealed = messages.some(({ answeredBy }) => answeredBy !== undefined);
  if (isSealed && untranslated.length > 0)
    throw badRequest(`${untranslated[0]} is not supported: the conversation contains reasoning of another vendor`);
  const config = fields.object('generationConfig');
  const serviceTier = fields.text('serviceTier');
  const request: ChatRequest = {
    ...parseGenerationConfig(config),
    ...(tools !== undefined && { tools }),
    ...(toolChoice !== undefined && { toolChoice }),
    ...(serviceTier !== undefined && { serviceTier }),
    model: askedModel(named, asksVendor),
    messages,
    stream: method === 'streamGenerateContent',
    ...(!isSealed && { original: { dialect: 'gemini' as const, body, untranslated } }),
  };
  FORMS.set(request, {
    showsThoughts: config?.object('thinkingConfig')?.flag('includeThoughts') === true,
    isEvents: query.get('alt') === 'sse',
  });
  return request;
}

/** Returns the model of a path. Names without a vendor are Google's, unless the gateway serves a model of that name. */
export function askedModel(named: string, asksVendor: (model: string) => boolean): string {
  const model = named.trim();
  if (model === '') throw badRequest('the path contains no model; use /v1beta/models/{model}:generateContent');
  return GOOGLE_NAME.test(model) && !asksVendor(model) ? `google:${model}` : model;
}
