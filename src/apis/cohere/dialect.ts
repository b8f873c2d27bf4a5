import type { Dialect } from '../dialect.ts';
import { decodeCohereModels } from './decode-models.ts';
import { cohereStreamDecoder } from './decode-stream.ts';
import { encodeCohereRequest } from './encode-request.ts';
import { cohereEmbeddings } from './embeddings.ts';
import { cohereRerank } from './rerank.ts';

/** Cohere's chat API, version 2. Its list of models still uses version 1. */
export const cohere: Dialect = {
  name: 'cohere',
  encode: encodeCohereRequest,
  framing: 'sse',
  alwaysStreams: true,
  decoder: cohereStreamDecoder,
  embeddings: cohereEmbeddings,
  rerank: cohereRerank,
  models: { path: '/../v1/models?page_size=1000&endpoint=chat', decode: decodeCohereModels },
  keyHeaders: (key) => ({ authorization: `Bearer ${key}` }),
};
