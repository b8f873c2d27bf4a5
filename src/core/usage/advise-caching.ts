import { decimal, type Decimal } from '../../decimal.ts';
import type { PastTurn, WorkloadCut } from '../../storage/ledger/reports/report.ts';
import { effectivePricing } from '../price/effective.ts';
import type { Advice, PastModel } from './advice.ts';
import { cutFor, pieceOf } from './reprice.ts';

/** The latest turn of a conversation. */
interface Sent {
  /** Tokens of its prompt and its answer, which the next turn may send again. */
  tokens: number;
  prompt: number;
}

/** What a cache could have read instead of a model. */
interface Resent {
  past: PastModel;
  cut: WorkloadCut;
  sent: Map<string, Sent>;
  /** By the part of the price list that applies. */
  pieces: Map<number, Piece>;
  conversations: Set<string>;
}

interface Piece {
  tokens: number;
  /** What a cache saves for each of them; undefined if nothing. */
  saved: Decimal | undefined;
}

/**
 * Returns the most that a cache could have saved. For each later turn of a conversation it counts the part of the prompt that earlier turns had
 * sent or answered and that was not read from a cache, at the cached price. A turn with a shorter prompt than the previous one does not continue
 * it. `turns` must be sorted by time.
 */
export function adviseCaching(past: readonly PastModel[], turns: readonly PastTurn[]): Advice[] {
  const models = new Map(past.filter(hasCachedPrice).map((one) => [one.row.group, resentOf(one)]));
  for (const turn of turns) {
    const model = models.get(turn.model);
    if (model !== undefined && turn.promptTokens > 0) addTurn(model, turn);
  }
  return [...models.values()].flatMap(adviceOf);
}

/** Returns whether the model has a price for cached tokens, at least for some prompts. */
export function hasCachedPrice({ listed }: PastModel): boolean {
  if (listed === undefined) return false;
  const { cacheRead, overrides } = listed.pricing;
  return cacheRead !== undefined || overrides.some(({ prices }) => prices.cacheRead !== undefined);
}

function resentOf(past: PastModel): Resent {
  const cut = cutFor(past.listed === undefined ? [] : [past.listed]);
  return { past, cut, sent: new Map(), pieces: new Map(), conversations: new Set() };
}

function addTurn(model: Resent, { at, conversation, promptTokens: prompt, cachedTokens, completionTokens }: PastTurn): void {
  const before = model.sent.get(conversation);
  if (before === undefined) {
    model.sent.set(conversation, { tokens: prompt + completionTokens, prompt });
    return;
  }
  const tokens = prompt < before.prompt ? 0 : Math.min(prompt, before.tokens) - cachedTokens;
  before.tokens = prompt + completionTokens;
  before.prompt = prompt;
  if (tokens <= 0) return;
  const key = pieceOf(model.cut, prompt, at);
  let piece = model.pieces.get(key);
  if (piece === undefined) model.pieces.set(key, (piece = { tokens: 0, saved: savedPerToken(model.past, prompt, at) }));
  if (piece.saved === undefined) return;
  piece.tokens += tokens;
  model.conversations.add(conversation);
}

function adviceOf({ past: { row }, pieces, conversations }: Resent): Advice[] {
  let [tokens, saving] = [0, decimal(0)];
  for (const { tokens: its, saved } of pieces.values()) {
    if (saved === undefined) continue;
    tokens += its;
    saving = saving.plus(saved.times(its));
  }
  if (tokens === 0) return [];
  return [{ model: row.group, change: { kind: 'caching', tokens, conversations: conversations.size }, saving, spent: row.cost }];
}

/** Returns the saving per cached token, for a prompt of this size at this moment; undefined if a cache saves nothing. */
function savedPerToken({ listed }: PastModel, promptTokens: number, at: number): Decimal | undefined {
  if (listed === undefined) return undefined;
  const { prompt, cacheRead } = effectivePricing(listed.pricing, { promptTokens, at: new Date(at) });
  if (typeof prompt !== 'object' || typeof cacheRead !== 'object' || cacheRead.gte(prompt)) return undefined;
  return prompt.minus(cacheRead);
}
