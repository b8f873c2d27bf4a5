import type { Dialect } from '../dialect.ts';
import { decodeGeminiModels } from './decode-models.ts';
import { geminiStreamDecoder } from './decode-stream.ts';
import { encodeGeminiRequest } from './encode-request.ts';
import { passOnContent } from './pass-on-content.ts';
import { geminiEmbeddings } from './embeddings.ts';

/** Google's generateContent in the Gemini API. */
export const gemini: Dialect = {
  name: 'gemini',
  encode: encodeGeminiRequest,
  passOn: passOnContent,
  framing: 'sse',
  alwaysStreams: true,
  decoder: geminiStreamDecoder,
  embeddings: geminiEmbeddings,
  models: { path: '/models?pageSize=1000', decode: decodeGeminiModels },
  keyHeaders: (key) => ({ 'x-goog-api-key': key }),
};
