import type { RerankDialect } from '../rerank.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { decodeRanking, rerankUsage } from '../wire/vectors-and-ranking.ts';
import { asCount, asObject, asText } from '../wire/wire-value.ts';

/** Cohere's `/rerank`, version 2. */
export const cohereRerank: RerankDialect = {
  most: 1000,
  encode: ({ model, query, documents, top }) => ({
    path: '/rerank',
    body: { model, query, documents, ...(top !== undefined && { top_n: top }) },
  }),
  decode(body, count) {
    const reply = parseReply(body);
    const billed = asObject(asObject(reply['meta'])?.['billed_units']);
    return {
      id: asText(reply['id']),
      results: decodeRanking(reply['results'], count),
      usage: rerankUsage(asCount(billed?.['input_tokens']), asCount(billed?.['search_units']), undefined, reply['meta']),
    };
  },
};
