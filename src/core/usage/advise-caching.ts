import { decimal, decimalText } from '../../decimal.ts';
import type { PastTurn } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import type { Advice, PastModel } from './advice.ts';

interface Sent {
  /** Tokens of its prompt and its answer: what the next turn may send again. */
  tokens: number;
  prompt: number;
}

interface Found {
  /** By what each would have saved. */
  tokens: Map<string, number>;
  conversations: Set<string>;
}

/**
 * What a cache could have saved at most: of each later turn of a conversation, as much of the prompt as had been sent or answered before
 * and was not read from a cache, at the cached price. A turn whose prompt is shorter than the one before does not go on from it.
 * `turns` in order of time.
 */
export function adviseCaching(past: readonly PastModel[], turns: readonly PastTurn[]): Advice[] {
  const models = new Map(past.map((one) => [one.row.group, { ...one, saved: savedPerToken(one) }]));
  const sent = new Map<string, Sent>();
  const matches = new Map<string, Found>();
  for (const { at, model, conversation, promptTokens: prompt, cachedTokens, completionTokens } of turns) {
    if (prompt === 0) continue;
    const key = `${model}\n${conversation}`;
    const before = sent.get(key);
    sent.set(key, { tokens: prompt + completionTokens, prompt });
    if (before === undefined || prompt < before.prompt) continue;
    const tokens = Math.min(prompt, before.tokens) - cachedTokens;
    const price = tokens > 0 ? models.get(model)?.saved(prompt, at) : undefined;
    if (price === undefined) continue;
    const sum = matches.get(model) ?? { tokens: new Map(), conversations: new Set() };
    sum.tokens.set(price, (sum.tokens.get(price) ?? 0) + tokens);
    sum.conversations.add(conversation);
    matches.set(model, sum);
  }
  return [...matches].map(([model, { tokens, conversations }]) => ({
    model,
    change: {
      kind: 'caching',
      tokens: [...tokens.values()].reduce((sum, count) => sum + count),
      conversations: conversations.size,
    },
    saving: [...tokens].reduce((sum, [price, count]) => sum.plus(decimal(price).times(count)), decimal(0)),
    spent: models.get(model)!.row.cost,
  }));
}

/** What a cached token of a prompt of some size at some moment would have saved, as exact text; undefined for nothing. */
function savedPerToken({ listed }: PastModel): (promptTokens: number, at: number) => string | undefined {
  const savedAt = (promptTokens: number, at: number): string | undefined => {
    if (listed === undefined) return undefined;
    const { prompt, cacheRead } = effectivePricing(listed.pricing, { promptTokens, at: new Date(at) });
    if (typeof prompt !== 'object' || typeof cacheRead !== 'object' || cacheRead.gte(prompt)) return undefined;
    return decimalText(prompt.minus(cacheRead));
  };
  if (listed !== undefined && listed.pricing.overrides.length > 0) return savedAt;
  const always = savedAt(0, 0);
  return () => always;
}
