import type { Dialect } from '../dialect.ts';
import { decodeOpenAiModels } from '../wire/decode-model-list.ts';
import { responsesStreamDecoder } from './decode-stream.ts';
import { encodeResponsesRequest } from './encode-request.ts';
import { passOnResponse } from './pass-on-response.ts';

/** OpenAI's Responses API, without its stored state. */
export const responses: Dialect = {
  name: 'responses',
  encode: encodeResponsesRequest,
  passOn: passOnResponse,
  framing: 'sse',
  decoder: responsesStreamDecoder,
  models: { path: '/models', decode: decodeOpenAiModels },
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
};
