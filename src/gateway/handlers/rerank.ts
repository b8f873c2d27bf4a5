import { capability } from '../../apis/api.ts';
import type { Reranking, RerankRequest } from '../../apis/rerank.ts';
import { badRequest } from '../bad-request.ts';
import { parseRouting } from '../dialects/chat/parse-routing.ts';
import { parseBodyTags } from '../dialects/chat/parse-wishes.ts';
import { Fields, type FieldValues } from '../dialects/fields.ts';
import type { Exchange } from '../exchange.ts';
import { readBody } from '../read-body.ts';
import { RequestTrace } from '../request-trace.ts';
import { sendJson } from '../write-reply.ts';

/** The same limit as Cohere. */
const MOST_DOCUMENTS = 1000;

/** Serves POST /rerank in OpenRouter's form, for OpenRouter and for vendors that rank documents. */
export async function answerRerank(exchange: Exchange): Promise<void> {
  const { served } = exchange;
  const body = await readBody(exchange);
  const trace = new RequestTrace(served.monotonic);
  exchange.trace = trace;
  const request = parseRerank(body);
  exchange.model = request.model;
  trace.begin(false);
  const ranking = await capability(served.api, 'rerank')(request, {
    signal: exchange.signal,
    onAttempt: () => trace.noteAttempt(),
  });
  const { id = '', model, provider, usage } = ranking;
  trace.see({ type: 'response-start', id, model, provider });
  if (usage !== undefined) trace.see({ type: 'usage', usage });
  trace.addHeaders(exchange.headers);
  sendJson(exchange.response, 200, rerankReply(ranking, request), exchange.headers);
}

/** Parses the body of a request. Throws status 400. */
function parseRerank(body: string): RerankRequest {
  const fields = Fields.parse(body);
  const documents = fields.list('documents') ?? [];
  if (documents.length === 0) throw badRequest('documents is missing or empty; send a list of strings');
  if (documents.length > MOST_DOCUMENTS)
    throw badRequest(`documents has ${documents.length} items; the maximum is ${MOST_DOCUMENTS}`);
  return {
    model: fields.requiredText('model'),
    query: fields.requiredText('query'),
    documents: documents.map(documentText),
    top: fields.count('top_n'),
    routing: parseRouting(fields.get('provider')).preferences,
    tags: parseBodyTags(fields),
  };
}

function documentText(document: unknown, index: number): string {
  if (typeof document === 'string') return document;
  const { text, image } = (document ?? {}) as { text?: unknown; image?: unknown };
  if (typeof text === 'string' && image === undefined) return text;
  throw badRequest(`documents[${index}] must be a string, or an object with text and no image`);
}

function rerankReply({ id, model, provider, results, usage }: Reranking, { documents }: RerankRequest): FieldValues {
  return {
    ...(id !== undefined && { id }),
    model,
    ...(provider !== undefined && { provider }),
    results: results.map(({ index, score }) => ({ index, relevance_score: score, document: { text: documents[index] } })),
    ...(usage !== undefined && {
      usage: {
        ...(usage.searchUnits !== undefined && { search_units: usage.searchUnits }),
        ...(usage.totalTokens > 0 && { total_tokens: usage.totalTokens }),
        ...(usage.cost !== undefined && { cost: Number(usage.cost) }),
      },
    }),
  };
}
