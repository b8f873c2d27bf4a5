import type { Model } from '../../apis/catalogue.ts';
import { withoutAlias, type Aliases } from '../models/find-model.ts';
import { searchModels } from '../models/fuzzy.ts';
import { entryName, parseModelName } from '../model-id/name.ts';
import { slugOf } from '../text/near-names.ts';

const CHAT_OUTPUTS: ReadonlySet<string> = new Set(['text', 'image', 'audio']);

/** A model that matches the typed text, and the text to insert for it. */
export interface ModelCandidate {
  model: Model | undefined;
  /** The text to insert: an id or an alias. */
  insert: string;
  /** The typed text names exactly this model. */
  isExact: boolean;
}

/**
 * Returns the models that match a typed text, best match first. Exact matches of an alias, id or name come before similar ones. Tolerates typos
 * as the live table does. An empty text matches all models.
 */
export function modelCandidates(typed: string, models: readonly Model[], aliases: Aliases): readonly ModelCandidate[] {
  const text = typed.trim();
  const matches = searchModels(models.filter(isForChat), text).map((model): ModelCandidate => ({
    model,
    insert: model.id,
    isExact: false,
  }));
  if (text === '') return [...aliasesLike('', aliases), ...matches];
  const exact = exactly(text, models, aliases);
  const others = matches.filter(({ model }) => model !== exact?.model);
  const similar = aliasesLike(text, aliases).filter(({ insert }) => insert !== exact?.insert);
  return [...(exact === undefined ? [] : [exact]), ...similar, ...others];
}

/** Returns whether a chat can use a model. Models for embeddings, rankings, speech or video have APIs of their own. */
function isForChat({ outputModalities }: Model): boolean {
  return outputModalities.length === 0 || outputModalities.some((name) => CHAT_OUTPUTS.has(name));
}

/** Returns the model that the text names exactly. */
function exactly(text: string, models: readonly Model[], aliases: Aliases): ModelCandidate | undefined {
  const is = (insert: string, model: Model | undefined): ModelCandidate => ({ model, insert, isExact: true });
  if (!text.includes('/') && withoutAlias(text, aliases) !== text) return is(text, undefined);
  const wanted = text.toLowerCase();
  const same = (one: string): boolean => one.toLowerCase() === wanted;
  const byId = models.find(({ id }) => same(id)) ?? only(models.filter(({ id }) => same(slugOf(id))));
  if (byId !== undefined) return is(text, byId);
  // `Anthropic: Claude Sonnet 4.5`, or without the author.
  const byName = only(models.filter(({ name }) => same(name) || same(name.slice(name.indexOf(':') + 1).trim())));
  if (byName !== undefined) return is(byName.id, byName);
  // Followed by a general variant, such as :nitro, or a preset.
  const entry = entryName(text).toLowerCase();
  const base = entry === wanted ? undefined : models.find(({ id }) => id.toLowerCase() === entry);
  return base === undefined ? undefined : is(text, base);
}

function only(matches: readonly Model[]): Model | undefined {
  return matches.length === 1 ? matches[0] : undefined;
}

function aliasesLike(text: string, aliases: Aliases): ModelCandidate[] {
  const begin = parseModelName(text).base.toLowerCase();
  const names = Object.keys(aliases).filter((name) => name.startsWith(begin));
  return names.map((name) => ({ model: undefined, insert: name, isExact: false }));
}
