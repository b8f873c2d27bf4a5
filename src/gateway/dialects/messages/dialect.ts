import type { ServedDialect } from '../served-dialect.ts';
import { messageError, messageErrorStatus } from './message-error.ts';
import { parseMessageRequest } from './parse-request.ts';
import { StreamedMessage } from './streamed.ts';
import { WholeMessage } from './whole.ts';

/** Anthropic's Messages API. */
export const messagesDialect: ServedDialect = {
  parse: parseMessageRequest,
  streamed: ({ model }, options) => new StreamedMessage(model, options),
  whole: ({ model }, options) => new WholeMessage(model, options),
  error: messageError,
  errorStatus: messageErrorStatus,
  requestIdHeader: 'request-id',
};
