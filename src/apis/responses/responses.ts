import type { Dialect } from '../dialect.ts';
import { decodeModelList } from '../wire/decode-model-list.ts';
import { decodeResponsesStream } from './decode-stream.ts';
import { encodeResponsesRequest } from './encode-request.ts';

/** OpenAI's Responses API, without what it stores. */
export const responses: Dialect = {
  encode: encodeResponsesRequest,
  framing: 'sse',
  decode: decodeResponsesStream,
  models: { path: '/models', decode: decodeModelList },
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
};
