import { decimal, decimalText } from '../../decimal.ts';
import { type OrxError, unrepeatable, usageError } from '../../errors.ts';
import type { Usage } from '../completion.ts';
import type { Dialect } from '../dialect.ts';
import { directId } from '../direct-id.ts';
import type { DecodedEmbeddings, EmbeddingRequest, Embeddings } from '../embeddings.ts';
import type { Reranking, RerankRequest } from '../rerank.ts';
import type { Vendor } from '../vendors.ts';
import { noVectors } from '../wire/vectors-and-ranking.ts';

/** Sends a body and returns the body of the reply. Throws for an error status. */
export type PostBody = (path: string, body: Readonly<Record<string, unknown>>) => Promise<string>;

/**
 * Returns embeddings of a vendor. Splits inputs that exceed the vendor's limit into several requests, sent one after the other.
 * Throws a usage error for a vendor without embeddings. Once a reply is accepted, no error is retryable: it may have been billed.
 */
export async function embedAtVendor(
  request: EmbeddingRequest,
  { embeddings }: Dialect,
  vendor: Vendor,
  post: PostBody,
): Promise<Embeddings> {
  if (embeddings === undefined) throw notOffered('embeddings', 'openai, google, cohere', vendor);
  const replies: DecodedEmbeddings[] = [];
  for (let at = 0; at < request.inputs.length; at += embeddings.most) {
    const inputs = request.inputs.slice(at, at + embeddings.most);
    const { path, body } = embeddings.encode({ ...request, inputs }, vendor);
    const posted = await post(path, body).catch((error: unknown) => {
      throw replies.length === 0 ? error : unrepeatable(error);
    });
    const reply = accepted(() => embeddings.decode(posted));
    if (reply.vectors.length !== inputs.length) throw noVectors();
    replies.push(reply);
  }
  const [first] = replies;
  const model = first?.model ?? request.model;
  return {
    id: first?.id,
    model: directId({ vendor: vendor.name, model }),
    provider: first?.provider ?? vendor.label,
    vectors: replies.flatMap(({ vectors }) => vectors),
    usage: sumOf(replies.map(({ usage }) => usage)),
  };
}

/** Returns the ranking of a vendor. Throws a usage error for a vendor that does not rank documents. */
export async function rerankAtVendor(
  request: RerankRequest,
  { rerank }: Dialect,
  vendor: Vendor,
  post: PostBody,
): Promise<Reranking> {
  if (rerank === undefined) throw notOffered('reranking', 'cohere', vendor);
  const { path, body } = rerank.encode(request, vendor);
  const posted = await post(path, body);
  const reply = accepted(() => rerank.decode(posted, request.documents.length));
  return {
    ...reply,
    model: directId({ vendor: vendor.name, model: reply.model ?? request.model }),
    provider: reply.provider ?? vendor.label,
  };
}

function accepted<Reply>(decode: () => Reply): Reply {
  try {
    return decode();
  } catch (error) {
    throw unrepeatable(error);
  }
}

function notOffered(what: string, vendors: string, { label }: Vendor): OrxError {
  return usageError(
    `${label} does not offer ${what}`,
    `use a model of OpenRouter, or of a vendor that offers ${what}: ${vendors}`,
  );
}

/** Returns undefined if one reply has no counts, because the sum would be incomplete. */
function sumOf(usages: readonly (Usage | undefined)[]): Usage | undefined {
  return usages.reduce((sum, next) => {
    if (sum === undefined || next === undefined) return undefined;
    const cost = sum.cost === undefined || next.cost === undefined ? undefined : decimalText(decimal(sum.cost).plus(next.cost));
    const promptTokens = sum.promptTokens + next.promptTokens;
    return { ...sum, promptTokens, totalTokens: promptTokens, cost, wire: { prompt_tokens: promptTokens } };
  });
}
