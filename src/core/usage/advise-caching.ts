import { type Decimal, decimal } from '../../decimal.ts';
import type { LedgerEntry } from '../../storage/ledger/ledger.ts';
import { effectivePricing } from '../effective-pricing.ts';
import type { Advice, PastModel } from './advice.ts';

interface Turn {
  /** Tokens of its prompt and its answer: what the next turn may send again. */
  sent: number;
  prompt: number;
}

interface Found {
  saving: Decimal;
  tokens: number;
  conversations: Set<string>;
}

/**
 * What a cache could have saved at most: of each later turn of a conversation, as much of the prompt as had been sent or answered before
 * and was not read from a cache, at the cached price. A turn whose prompt is shorter than the one before does not go on from it.
 * `entries` in order of time.
 */
export function adviseCaching(past: readonly PastModel[], entries: Iterable<LedgerEntry>): Advice[] {
  const models = new Map(past.map((one) => [one.row.group, one]));
  const turns = new Map<string, Turn>();
  const found = new Map<string, Found>();
  for (const entry of entries) {
    const model = entry.servedModel ?? entry.requestedModel;
    const { promptTokens: prompt = 0, cachedTokens = 0, completionTokens = 0, conversation } = entry;
    if (prompt === 0) continue;
    const key = `${model}\n${conversation}`;
    const before = turns.get(key);
    turns.set(key, { sent: prompt + completionTokens, prompt });
    if (before === undefined || prompt < before.prompt) continue;
    const tokens = Math.min(prompt, before.sent) - cachedTokens;
    const price = tokens > 0 ? savedPerToken(models.get(model), prompt, entry.openedAt) : undefined;
    if (price === undefined) continue;
    const sum = found.get(model) ?? { saving: decimal(0), tokens: 0, conversations: new Set() };
    sum.saving = sum.saving.plus(price.times(tokens));
    sum.tokens += tokens;
    sum.conversations.add(conversation);
    found.set(model, sum);
  }
  return [...found].map(([model, { saving, tokens, conversations }]) => ({
    model,
    change: { kind: 'caching', tokens, conversations: conversations.size },
    saving,
    spent: models.get(model)!.row.cost,
  }));
}

function savedPerToken(past: PastModel | undefined, promptTokens: number, at: number): Decimal | undefined {
  if (past?.listed === undefined) return undefined;
  const { prompt, cacheRead } = effectivePricing(past.listed.pricing, { promptTokens, at: new Date(at) });
  if (typeof prompt !== 'object' || typeof cacheRead !== 'object' || cacheRead.gte(prompt)) return undefined;
  return prompt.minus(cacheRead);
}
