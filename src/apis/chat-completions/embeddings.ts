import { parseCost } from '../../paid-cost.ts';
import type { EmbeddingDialect, EmbeddingRequest } from '../embeddings.ts';
import type { Vendor } from '../vendors.ts';
import { decodeAnyVector, inputUsage, noVectors } from '../wire/vectors-and-ranking.ts';
import { parseReply } from '../wire/parse-reply.ts';
import { asCount, asNumber, asObject, asObjects, asText } from '../wire/wire-value.ts';

/** OpenAI's `/embeddings`, also for compatible hosts such as OpenRouter. */
export const openAiEmbeddings: EmbeddingDialect = {
  most: 2048,
  encode: (request, vendor) => ({ path: '/embeddings', body: embeddingsBody(request, vendor) }),
  decode(body) {
    const reply = parseReply(body);
    const items = asObjects(reply['data']);
    if (items.length === 0) throw noVectors();
    const sorted = items.toSorted((one, other) => (asNumber(one['index']) ?? 0) - (asNumber(other['index']) ?? 0));
    const usage = asObject(reply['usage']);
    const counted = inputUsage(asCount(usage?.['prompt_tokens']) ?? asCount(usage?.['total_tokens']), usage);
    return {
      id: asText(reply['id']),
      model: asText(reply['model']),
      provider: asText(reply['provider']),
      vectors: sorted.map((item) => decodeAnyVector(item['embedding'])),
      usage: counted && {
        ...counted,
        cost: parseCost(usage?.['cost']),
        ...(typeof usage?.['is_byok'] === 'boolean' && { isByok: usage['is_byok'] }),
        upstreamCost: parseCost(asObject(usage?.['cost_details'])?.['upstream_inference_cost']),
      },
    };
  },
};

export function embeddingsBody(request: EmbeddingRequest, vendor?: Vendor): Record<string, unknown> {
  const { model, inputs, dimensions, inputType, user, encoding = 'float' } = request;
  const isMistral = vendor?.name === 'mistral';
  // Hosts with fewer features may reject base64. A reply in either form is decoded.
  const takesBase64 = vendor === undefined || vendor.name === 'openai';
  return {
    model,
    input: inputs,
    encoding_format: takesBase64 ? encoding : 'float',
    ...(dimensions !== undefined && { [isMistral ? 'output_dimension' : 'dimensions']: dimensions }),
    ...(inputType !== undefined && { input_type: inputType }),
    // Hosts with fewer fields reject this one.
    ...(user !== undefined && (vendor === undefined || vendor.name === 'openai') && { user }),
  };
}
