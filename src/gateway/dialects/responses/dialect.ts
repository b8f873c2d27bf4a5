import { openAiError } from '../openai-error.ts';
import type { ServedDialect } from '../served-dialect.ts';
import { parseResponsesRequest } from './parse-request.ts';
import { StreamedResponse } from './streamed.ts';
import { WholeResponse } from './whole.ts';

/** OpenAI's Responses API as specified by Open Responses, without stored state. */
export const responsesDialect: ServedDialect = {
  parse: parseResponsesRequest,
  streamed: (request, options) => new StreamedResponse(request, options),
  whole: (request, options) => new WholeResponse(request, options),
  error: (error) => ({ error: openAiError(error) }),
};
