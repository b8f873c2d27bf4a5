import type { ArgumentText, Candidate, Suggestions } from '../../core/session/suggestions.ts';
import { parseModelName } from '../../core/model-id/name.ts';
import { type ModelCandidate, modelCandidates } from '../../core/session/model-candidates.ts';
import { OrxError } from '../../errors.ts';
import { contextText } from '../../output/models/text.ts';
import { perMillionText } from '../../output/text/price.ts';
import { priceKind } from '../../core/price/kind.ts';
import type { Model } from '../../apis/catalogue.ts';
import { CatalogueServices } from '../catalogue/catalogue-services.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import type { Session } from './session.ts';

/** The most similar models that an error suggests. */
const MOST_NEAR = 5;

/**
 * Returns suggestions of models for a command's argument, which begins at `start`. Returns undefined before the catalog is
 * loaded.
 */
export function completeModel(session: Session, typed: string, start: number): Suggestions | undefined {
  if (session.models.length === 0) return undefined;
  return { start, candidates: offeredModels(session, typed), none: `no model matches ${typed}` };
}

/** Returns suggestions for the last of several models, separated by blanks or commas. */
export function completeNextModel(session: Session, { all }: ArgumentText): Suggestions | undefined {
  const start = Math.max(all.lastIndexOf(' '), all.lastIndexOf(',')) + 1;
  // After a blank, the list may be complete.
  if (start > 0 && start === all.length) return undefined;
  return completeModel(session, all.slice(start), start);
}

/** Returns the id for typed text: an exact match, the only model that contains it, or the only similar one. */
export async function modelFor(session: Session, text: string): Promise<string> {
  const { settings, context } = session;
  const named = candidatesIn(session.models, session, text)[0];
  const wanted = named?.isExact === true ? named.insert : text;
  try {
    const [id = wanted] = await resolveNames([wanted], settings, context, { isQuiet: true });
    printUnlisted(session, id);
    return id;
  } catch (error) {
    if (!(error instanceof OrxError) || error.code !== 'model-not-found') throw error;
    const models = session.models.length > 0 ? session.models : await new CatalogueServices(settings, context).modelsIfAny();
    const near = candidatesIn(models, session, text).filter(({ model }) => model !== undefined);
    const [first] = near;
    if (first !== undefined && (first.isExact || near.length === 1)) return first.model!.id;
    throw noSingleModel(text, near, error);
  }
}

function noSingleModel(text: string, near: readonly ModelCandidate[], cause: OrxError): OrxError {
  if (near.length === 0)
    return new OrxError(`no model matches "${text}"`, { kind: cause.kind, code: cause.code, hints: cause.hints });
  const ids = near.slice(0, MOST_NEAR).map(({ model }) => model!.id);
  const more = near.length > ids.length ? `, and ${near.length - ids.length} more` : '';
  return new OrxError(`"${text}" matches several models`, {
    kind: cause.kind,
    code: cause.code,
    hints: [`use one of these: ${ids.join(', ')}${more}`],
  });
}

/** Prints a warning for a model that is not in the catalog, because it may be a typo. The API decides whether it exists. */
function printUnlisted(session: Session, id: string): void {
  if (session.models.length === 0 || parseModelName(id).base === '') return;
  if (candidatesIn(session.models, session, id)[0]?.isExact === true) return;
  session.printText(`warning: ${id} is not in the catalog; the API decides whether it exists`, 'warning');
}

function candidatesIn(models: readonly Model[], { settings }: Session, text: string): readonly ModelCandidate[] {
  return modelCandidates(text, models, settings.aliases ?? {});
}

const offered = new WeakMap<readonly Model[], { typed: string; candidates: readonly Candidate[] }>();

/** Returns the candidates, cached because each frame reads them. */
function offeredModels(session: Session, typed: string): readonly Candidate[] {
  const last = offered.get(session.models);
  if (last?.typed === typed) return last.candidates;
  const candidates = candidatesIn(session.models, session, typed).map((one) => shown(one, session));
  offered.set(session.models, { typed, candidates });
  return candidates;
}

function shown({ model, insert, isExact }: ModelCandidate, { settings }: Session): Candidate {
  if (model === undefined) {
    const target = settings.aliases?.[insert.toLowerCase()];
    return { insert, label: insert, detail: target === undefined ? 'alias' : `alias of ${target}`, isWhole: true };
  }
  const [input, output] = [model.pricing.prompt, model.pricing.completion].map((price) => perMillionText(price, { short: true }));
  const price = priceKind(model) === 'unknown' ? 'price unknown' : `in ${input} out ${output} $/M`;
  const detail = `${price} · ${contextText(model.contextLength)}`;
  return { insert, label: isExact ? insert : model.id, detail, isWhole: true };
}
