import type { Model } from '../../apis/catalogue.ts';
import { compareText } from '../text/compare-text.ts';
import { diffPrices, type PriceChange } from '../price/diff.ts';

export interface RepricedModel {
  model: Model;
  changes: readonly PriceChange[];
}

export interface LimitChange {
  model: Model;
  limit: 'context' | 'max output';
  /** Tokens; undefined if the catalogue gives no number. */
  before: number | undefined;
  after: number | undefined;
}

export interface ExpiringModel {
  model: Model;
  /** `YYYY-MM-DD` */
  date: string;
  /** Whole days from now to the beginning of that day in UTC; negative if it is past. */
  daysLeft: number;
}

/** The differences between two catalogues, each list sorted by id. */
export interface CatalogueDiff {
  added: readonly Model[];
  removed: readonly Model[];
  repriced: readonly RepricedModel[];
  relimited: readonly LimitChange[];
  /** Models of the later catalogue that expire soon. */
  expiring: readonly ExpiringModel[];
}

const DAY_MS = 86_400_000;
const SOON_DAYS = 30;

/** Compares two catalogues. "Soon" means within 30 days of `at`. */
export function diffCatalogues(before: readonly Model[], after: readonly Model[], at: number): CatalogueDiff {
  const [old, now] = [byId(before), byId(after)];
  const stored = [...now.values()].flatMap((model) => {
    const was = old.get(model.id);
    return was === undefined ? [] : [{ was, model }];
  });
  return {
    added: [...now.values()].filter(({ id }) => !old.has(id)),
    removed: [...old.values()].filter(({ id }) => !now.has(id)),
    repriced: stored
      .map(({ was, model }) => ({ model, changes: diffPrices(was.pricing, model.pricing) }))
      .filter(({ changes }) => changes.length > 0),
    relimited: stored.flatMap(({ was, model }) => diffLimits(was, model)),
    expiring: [...now.values()].flatMap((model) => expiring(model, at)),
  };
}

/** Returns the whole days from a moment to the beginning of a date in UTC. */
export function daysUntil(date: string, at: number): number {
  return Math.ceil((Date.parse(`${date}T00:00:00Z`) - at) / DAY_MS);
}

function expiring(model: Model, at: number): ExpiringModel[] {
  const date = model.expirationDate;
  if (date === undefined) return [];
  const daysLeft = daysUntil(date, at);
  return daysLeft <= SOON_DAYS ? [{ model, date, daysLeft }] : [];
}

function diffLimits(was: Model, model: Model): LimitChange[] {
  const limits = [
    { limit: 'context', before: was.contextLength, after: model.contextLength },
    { limit: 'max output', before: was.maxCompletionTokens, after: model.maxCompletionTokens },
  ] as const;
  return limits.filter(({ before, after }) => before !== after).map((change) => ({ model, ...change }));
}

function byId(models: readonly Model[]): Map<string, Model> {
  return new Map(models.toSorted((a, b) => compareText(a.id, b.id)).map((model) => [model.id, model]));
}
