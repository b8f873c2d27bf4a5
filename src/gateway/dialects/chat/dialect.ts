import type { ServedDialect } from '../served-dialect.ts';
import { wireError } from '../../wire-error.ts';
import { parseChatRequest } from './parse-request.ts';
import { StreamedChat } from './streamed.ts';
import { WholeChat } from './whole.ts';

/** Chat completions in OpenRouter's form. */
export const chatDialect: ServedDialect = {
  parse: parseChatRequest,
  streamed: ({ model }, { seconds }) => new StreamedChat(model, seconds),
  whole: ({ model }, { seconds }) => new WholeChat(model, seconds),
  error: (error) => ({ error: wireError(error) }),
};
