import { decimal, decimalText } from '../../decimal.ts';
import type { PastTurn } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import type { Advice, PastModel } from './advice.ts';

interface Sent {
  /** Tokens of its prompt and its answer, which the next turn may send again. */
  tokens: number;
  prompt: number;
}

interface Found {
  /** Tokens by the amount that each would have saved. */
  tokens: Map<string, number>;
  conversations: Set<string>;
}

/**
 * Returns the most that a cache could have saved. For each later turn of a conversation it counts the part of the prompt that earlier turns had
 * sent or answered and that was not read from a cache, at the cached price. A turn with a shorter prompt than the previous one does not continue
 * it. `turns` must be sorted by time.
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

/**
 * Returns a function that gives the saving per cached token, for a prompt of this size at this moment, as exact text; undefined if a cache saves
 * nothing.
 */
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
