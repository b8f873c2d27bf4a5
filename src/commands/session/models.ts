import type { ArgumentText, Candidate, Completion } from '../../core/session/suggestions.ts';
import { parseModelName } from '../../core/model-id/name.ts';
import { type ModelCandidate, modelCandidates } from '../../core/session/model-candidates.ts';
import { OrxError } from '../../errors.ts';
import { contextText } from '../../output/models/text.ts';
import { perMillionText } from '../../output/text/price.ts';
import type { Model } from '../../apis/catalogue.ts';
import { CatalogueDesk } from '../catalogue-services.ts';
import { resolveNames } from '../catalogue/resolve-model.ts';
import type { TalkSession } from './session.ts';

/** Of an error, so many models that may have been meant. */
const MOST_NEAR = 5;

/** The models that a text behind a command may mean; it begins at `start` there. Nothing is said before the catalogue is there. */
export function completeModel(talk: TalkSession, typed: string, start: number): Completion | undefined {
  if (talk.models.length === 0) return undefined;
  return { start, candidates: offeredModels(talk, typed), none: `no model matches ${typed}` };
}

/** The same for the last of several, which blanks or commas part. */
export function completeNextModel(talk: TalkSession, { all }: ArgumentText): Completion | undefined {
  const start = Math.max(all.lastIndexOf(' '), all.lastIndexOf(',')) + 1;
  // Behind a blank the list may end as well as go on.
  if (start > 0 && start === all.length) return undefined;
  return completeModel(talk, all.slice(start), start);
}

/** The id that a text means, as the user typed it: exactly, by a piece that only one model has, or by the only one that resembles it. */
export async function modelFor(talk: TalkSession, text: string): Promise<string> {
  const { settings, context } = talk;
  const named = candidatesIn(talk.models, talk, text)[0];
  const wanted = named?.isExact === true ? named.insert : text;
  try {
    const [id = wanted] = await resolveNames([wanted], settings, context, { isQuiet: true });
    sayUnlisted(talk, id);
    return id;
  } catch (error) {
    if (!(error instanceof OrxError) || error.code !== 'model-not-found') throw error;
    const models = talk.models.length > 0 ? talk.models : await new CatalogueDesk(settings, context).modelsIfAny();
    const near = candidatesIn(models, talk, text).filter(({ model }) => model !== undefined);
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
  return new OrxError(`"${text}" may mean several models`, {
    kind: cause.kind,
    code: cause.code,
    hints: [`name one of: ${ids.join(', ')}${more}`],
  });
}

/** Whether such a model exists is the API's to say; that it may be a typo is worth a word. */
function sayUnlisted(talk: TalkSession, id: string): void {
  if (talk.models.length === 0 || parseModelName(id).base === '') return;
  if (candidatesIn(talk.models, talk, id)[0]?.isExact === true) return;
  talk.say(`! the catalogue has no ${id}: the API will tell whether it exists`, 'warning');
}

function candidatesIn(models: readonly Model[], { settings }: TalkSession, text: string): readonly ModelCandidate[] {
  return modelCandidates(text, models, settings.aliases ?? {});
}

const offered = new WeakMap<readonly Model[], { typed: string; candidates: readonly Candidate[] }>();

/** Each frame asks for them. */
function offeredModels(talk: TalkSession, typed: string): readonly Candidate[] {
  const last = offered.get(talk.models);
  if (last?.typed === typed) return last.candidates;
  const candidates = candidatesIn(talk.models, talk, typed).map((one) => shown(one, talk));
  offered.set(talk.models, { typed, candidates });
  return candidates;
}

function shown({ model, insert, isExact }: ModelCandidate, { settings }: TalkSession): Candidate {
  if (model === undefined) {
    const target = settings.aliases?.[insert.toLowerCase()];
    return { insert, label: insert, detail: target === undefined ? 'alias' : `alias of ${target}`, isWhole: true };
  }
  const [input, output] = [model.pricing.prompt, model.pricing.completion].map((price) => perMillionText(price, { short: true }));
  const detail = `in ${input} out ${output} $/M · ${contextText(model.contextLength)}`;
  return { insert, label: isExact ? insert : model.id, detail, isWhole: true };
}
