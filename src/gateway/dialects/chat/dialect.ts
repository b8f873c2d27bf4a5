import type { ServedDialect } from '../served-dialect.ts';
import { wireError } from '../../wire-error.ts';
import { parseChatRequest } from './parse-request.ts';
import { StreamedChat } from './streamed.ts';
import { WholeChat } from './whole.ts';

/** Chat completions in OpenRouter's form. */
export const chatDialect: ServedDialect = {
  parse: parseChatRequest,
  streamed: ({ model }, options) => new StreamedChat(model, options),
  whole: ({ model }, options) => new WholeChat(model, options),
  error: (error) => ({ error: wireError(error) }),
};
