import type { EmbeddingDialect } from '../embeddings.ts';
import { decodeVector, inputUsage, noVectors, textInputs } from '../wire/vectors-and-ranking.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asCount, asObject, asObjects } from '../wire/wire-value.ts';
import { geminiResource } from './encode-request.ts';

/** Maps other vendors' names for the purpose of vectors. Google's own names stay unchanged. */
const TASKS: Readonly<Record<string, string>> = {
  search_query: 'RETRIEVAL_QUERY',
  query: 'RETRIEVAL_QUERY',
  search_document: 'RETRIEVAL_DOCUMENT',
  document: 'RETRIEVAL_DOCUMENT',
  passage: 'RETRIEVAL_DOCUMENT',
  classification: 'CLASSIFICATION',
  clustering: 'CLUSTERING',
};

/** Google's batchEmbedContents. */
export const geminiEmbeddings: EmbeddingDialect = {
  most: 100,
  encode(request, vendor) {
    const resource = geminiResource(request.model);
    const taskType = request.inputType === undefined ? undefined : (TASKS[request.inputType] ?? request.inputType);
    return {
      path: `/${resource}:batchEmbedContents`,
      body: {
        requests: textInputs(request, vendor).map((text) => ({
          model: decodeURIComponent(resource),
          content: { parts: [{ text }] },
          ...(taskType !== undefined && { taskType }),
          ...(request.dimensions !== undefined && { outputDimensionality: request.dimensions }),
        })),
      },
    };
  },
  decode(body) {
    const reply = parseReply(body);
    const items = asObjects(reply['embeddings']);
    if (items.length === 0) throw noVectors();
    const usage = asObject(reply['usageMetadata']);
    return {
      vectors: items.map((item) => decodeVector(item['values'])),
      usage: inputUsage(asCount(usage?.['promptTokenCount']) ?? asCount(usage?.['totalTokenCount']), usage),
    };
  },
};
