import { parseCost } from '../../paid-cost.ts';
import type { RerankDialect } from '../rerank.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { decodeRanking, rerankUsage } from '../wire/vectors-and-ranking.ts';
import { asCount, asObject, asText } from '../wire/wire-value.ts';
import { encodeRouting } from './encode-request.ts';

/** OpenRouter's `/rerank`. */
export const openRouterRerank: RerankDialect = {
  most: 1000,
  encode({ model, query, documents, top, routing }) {
    const provider = routing === undefined ? undefined : encodeRouting(routing, undefined);
    return {
      path: '/rerank',
      body: {
        model,
        query,
        documents,
        ...(top !== undefined && { top_n: top }),
        ...(provider !== undefined && { provider }),
      },
    };
  },
  decode(body, count) {
    const reply = parseReply(body);
    const usage = asObject(reply['usage']);
    return {
      id: asText(reply['id']),
      model: asText(reply['model']),
      provider: asText(reply['provider']),
      results: decodeRanking(reply['results'], count),
      usage: rerankUsage(asCount(usage?.['total_tokens']), asCount(usage?.['search_units']), parseCost(usage?.['cost']), usage),
    };
  },
};
