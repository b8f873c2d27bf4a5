import type { RequestParameters } from '../request-parameters.ts';
import type { ClaudeFacts } from './claude-facts.ts';

export interface WireSampling {
  temperature?: number | undefined;
  top_p?: number | undefined;
  top_k?: number | undefined;
  dropped: readonly string[];
}

/**
 * Encodes the sampling parameters. Newer models reject all three, every model rejects them while it reasons, and Claude accepts
 * only one of temperature and top_p.
 */
export function encodeSampling(
  { temperature, topP, topK }: RequestParameters,
  facts: ClaudeFacts,
  { model, isReasoning }: { model: string; isReasoning: boolean },
): WireSampling {
  const asked = [
    ...(temperature === undefined ? [] : ['temperature']),
    ...(topP === undefined ? [] : ['top_p']),
    ...(topK === undefined ? [] : ['top_k']),
  ];
  if (!facts.takesSampling) return { dropped: asked.map((name) => `${name}: ${model} has no such parameter`) };
  if (isReasoning) return { dropped: asked.map((name) => `${name}: not while the model reasons`) };
  const sent = temperature === undefined ? undefined : Math.min(1, Math.max(0, temperature));
  const isSingle = sent !== undefined && topP !== undefined && /claude/i.test(model);
  return {
    temperature: sent,
    top_p: isSingle ? undefined : topP,
    top_k: topK,
    dropped: [
      ...(sent === temperature ? [] : [`temperature ${temperature}: the highest is 1, which is sent`]),
      ...(isSingle ? [`top_p: ${model} takes it or a temperature, not both`] : []),
    ],
  };
}
