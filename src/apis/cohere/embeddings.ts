import type { EmbeddingDialect } from '../embeddings.ts';
import { decodeVectors, inputUsage, textInputs } from '../wire/vectors-and-ranking.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asCount, asObject, asText } from '../wire/wire-value.ts';

/** The API requires the purpose of the vectors. Most are stored to be searched. */
const DEFAULT_TYPE = 'search_document';

/** Cohere's `/embed`, version 2. */
export const cohereEmbeddings: EmbeddingDialect = {
  most: 96,
  encode: (request, vendor) => ({
    path: '/embed',
    body: {
      model: request.model,
      texts: textInputs(request, vendor),
      input_type: request.inputType ?? DEFAULT_TYPE,
      embedding_types: ['float'],
      ...(request.dimensions !== undefined && { output_dimension: request.dimensions }),
    },
  }),
  decode(body) {
    const reply = parseReply(body);
    const billed = asObject(asObject(reply['meta'])?.['billed_units']);
    return {
      id: asText(reply['id']),
      vectors: decodeVectors(asObject(reply['embeddings'])?.['float']),
      usage: inputUsage(asCount(billed?.['input_tokens']), reply['meta']),
    };
  },
};
