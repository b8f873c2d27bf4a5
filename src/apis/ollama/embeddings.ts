import type { EmbeddingDialect } from '../embeddings.ts';
import { decodeVectors, inputUsage, textInputs } from '../wire/vectors-and-ranking.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asCount, asText } from '../wire/wire-value.ts';

/** Ollama's `/embed`. Texts that are too long fail instead of being truncated. */
export const ollamaEmbeddings: EmbeddingDialect = {
  most: 2048,
  encode: (request, vendor) => ({
    path: '/embed',
    body: {
      model: request.model,
      input: textInputs(request, vendor),
      truncate: false,
      ...(request.dimensions !== undefined && { dimensions: request.dimensions }),
    },
  }),
  decode(body) {
    const reply = parseReply(body);
    return {
      model: asText(reply['model']),
      vectors: decodeVectors(reply['embeddings']),
      usage: inputUsage(asCount(reply['prompt_eval_count']), reply),
    };
  },
};
