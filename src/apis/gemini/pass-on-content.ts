import { memberText, withMembers } from '../../text/json-members.ts';
import type { ChatRequest, OriginalRequest } from '../completion.ts';
import type { PassedRequest } from '../dialect.ts';
import { geminiResource } from './encode-request.ts';

const CONFIGS = ['generationConfig', 'generation_config'];

/** Returns a client's content for Google. A token limit from a budget goes into the client's own configuration. */
export function passOnContent({ model, stream, maxTokens }: ChatRequest, { body, headers }: OriginalRequest): PassedRequest {
  const name = CONFIGS.find((one) => isObjectText(memberText(body, one))) ?? CONFIGS[0]!;
  const given = memberText(body, name);
  const config = isObjectText(given) ? given : '{}';
  const limits = { maxOutputTokens: undefined, max_output_tokens: undefined };
  const limited =
    maxTokens === undefined ? undefined : withMembers(withMembers(config, limits), { maxOutputTokens: String(maxTokens) });
  const isOwn = limited === undefined || Number(memberText(config, 'maxOutputTokens')) === maxTokens;
  return {
    path: `/${geminiResource(model)}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    headers,
    // The model is in the path.
    text: withMembers(body, { model: undefined, ...(!isOwn && { [name]: limited }) }),
  };
}

function isObjectText(text: string | undefined): text is string {
  return text?.startsWith('{') === true;
}
