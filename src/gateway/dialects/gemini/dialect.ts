import type { ServedDialect } from '../served-dialect.ts';
import { geminiError } from './gemini-error.ts';
import { parseGeminiRequest } from './parse-request.ts';
import { StreamedContent } from './streamed.ts';
import { WholeContent } from './whole.ts';

/** Google's generateContent in the Gemini API. */
export const geminiDialect: ServedDialect = {
  parse: parseGeminiRequest,
  streamed: (request, options) => new StreamedContent(request, options),
  whole: (request, options) => new WholeContent(request, options),
  error: geminiError,
};
