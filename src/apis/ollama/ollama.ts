import type { Dialect } from '../dialect.ts';
import { decodeOllamaModels } from './decode-models.ts';
import { ollamaStreamDecoder } from './decode-stream.ts';
import { encodeOllamaRequest } from './encode-request.ts';
import { ollamaEmbeddings } from './embeddings.ts';

/** Ollama's own API. Its OpenAI-compatible API cannot set the context, and silently truncates long prompts. */
export const ollama: Dialect = {
  name: 'ollama',
  encode: encodeOllamaRequest,
  framing: 'lines',
  alwaysStreams: true,
  decoder: ollamaStreamDecoder,
  embeddings: ollamaEmbeddings,
  models: { path: '/tags', decode: decodeOllamaModels },
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
};
