import type { RequestSettings, RoutingSettings } from '../settings/groups.ts';
import { type Hint, type OrxError, shellHint } from '../../errors.ts';
import { SEARCH_MODELS } from '../../hints.ts';
import type { Model } from '../../apis/catalogue.ts';
import { authorOf, nearNames } from '../text/near-names.ts';

/** What is known of the failed request. */
export interface FailedRequest {
  /** The requested models, in order. */
  asked: readonly string[];
  /** The catalogue; empty if it is not available. */
  models: readonly Model[];
  /** The API has removed the requested model; `successor` is the id of the model that replaces it, if that is known. */
  removed?: { successor: string | undefined } | undefined;
  settings: RequestSettings & RoutingSettings;
}

/** A feature that no endpoint of the requested model supports, and the models that do. */
interface Need {
  said: RegExp;
  /** The arguments of `orx models` that find them. */
  filter: string;
  meets: (model: Model) => boolean;
}

const FREE = /:free$/;
const MOST_NAMES = 3;

const takes =
  (parameter: string) =>
  ({ supportedParameters }: Model): boolean =>
    supportedParameters.includes(parameter);
const reads =
  (modality: string) =>
  ({ inputModalities }: Model): boolean =>
    inputModalities.includes(modality);

const NEEDS: readonly Need[] = [
  { said: /tool_choice/i, filter: '--parameter tool_choice', meets: takes('tool_choice') },
  { said: /\btools?\b|function call/i, filter: '--tools', meets: takes('tools') },
  { said: /\bimage (input|prompt)|input images?|\bvision\b/i, filter: '--input image', meets: reads('image') },
  { said: /\bvideo input|input videos?/i, filter: '--input video', meets: reads('video') },
  { said: /\baudio input|input audio/i, filter: '--input audio', meets: reads('audio') },
  { said: /\b(file|pdf) input|input (file|pdf)s?/i, filter: '--input file', meets: reads('file') },
  { said: /structured|json_schema|response_format/i, filter: '--structured', meets: takes('structured_outputs') },
  { said: /\breasoning\b/i, filter: '--reasoning', meets: takes('reasoning') },
];

/** Returns whether the catalogue can provide advice on this error. */
export function isAboutModels(error: OrxError): boolean {
  return isUnknownModel(error) || needOf(error) !== undefined || isFreeVariant(error) || isTooLong(error) || isRemoved(error);
}

/**
 * Returns advice if the requested models cannot answer: similar names, the same model without the free variant, models that support the request,
 * and settings of this request that exclude all providers. Undefined if there is nothing to add to the error.
 */
export function failureAdvice(error: OrxError, request: FailedRequest): readonly Hint[] | undefined {
  const paid = isFreeVariant(error) ? paidHint(error, request) : undefined;
  if (request.removed !== undefined) return successorHints(error, request);
  if (isUnknownModel(error)) return [...(paid ?? []), ...nearHints(error, request)].slice(0, MOST_NAMES);
  if (isTooLong(error)) return longerHints(error, request);
  if (isRemoved(error)) return successorHints(error, request);
  const need = needOf(error);
  if (need !== undefined) return needHints(need, request);
  if (paid !== undefined) return [...paid, ...error.hints].slice(0, MOST_NAMES);
  return isRouting(error) ? limitHints(error, request.settings) : undefined;
}

function isUnknownModel({ kind, message, code }: OrxError): boolean {
  return (
    kind === 'no-endpoint' &&
    (/is not a valid model id|model\b.*\b(does not exist|not found)/i.test(message) || code === 'model_not_found')
  );
}

function isTooLong({ kind, reason }: OrxError): boolean {
  return kind === 'usage' && reason === 'context-length';
}

/** Returns whether the model may have been removed: the API reports it, or does not know the model, or has no endpoint for it. */
export function mayBeRemoved(error: OrxError): boolean {
  return isRemoved(error) || isUnknownModel(error) || (isRouting(error) && /no endpoints found for/i.test(error.message));
}

/** The API does not offer the model any more. */
function isRemoved({ kind, code, message }: OrxError): boolean {
  return kind === 'no-endpoint' && (code === 'model_deprecated' || message.startsWith('this model has been removed'));
}

/** Returns models whose context has room for the prompt, if the error states its length. */
function longerHints(error: OrxError, { asked, models }: FailedRequest): readonly Hint[] | undefined {
  // The error states the length of the prompt and the limit, which is lower.
  // Ids of requests contain digits too.
  const said = error.message.replaceAll(/(?<=\d),(?=\d{3}\b)/g, '');
  const needed = Math.max(0, ...[...said.matchAll(/(?<![\w-])\d{3,9}(?![\w-])/g)].map(([digits]) => Number(digits)));
  const fitting = models.filter((model) => needed > 0 && (model.contextLength ?? 0) > needed && isChoice(model, asked));
  const names = nearestFirst(fitting, asked[0] ?? '').slice(0, MOST_NAMES);
  if (names.length > 0) return [`use a model with a longer context: ${names.join(', ')}`, ...error.hints].slice(0, MOST_NAMES);
  return needed > 0 && models.length > 0 ? ['shorten the prompt: no model has a context that is long enough'] : undefined;
}

/** Returns what the API or the catalog offers in place of a model that it has removed. */
function successorHints(error: OrxError, { asked, models, removed }: FailedRequest): readonly Hint[] {
  const successor = removed?.successor;
  const author = authorOf(asked[0] ?? '');
  const names = nearestFirst(
    models.filter((model) => authorOf(model.id) === author && isChoice(model, asked)),
    asked[0] ?? '',
  );
  const newest = names.length === 0 ? [] : [`use a newer model of ${author}: ${names.slice(0, MOST_NAMES).join(', ')}`];
  const own = error.hints.filter((hint) => shellHint(hint).startsWith('use a model'));
  return [...(successor === undefined ? [] : [useSuccessor(successor)]), ...own, ...newest, SEARCH_MODELS].slice(0, MOST_NAMES);
}

function useSuccessor(id: string): Hint {
  return { shell: `use its successor: -m ${id}`, session: `use its successor: /model ${id}` };
}

function isChoice({ id }: Model, asked: readonly string[]): boolean {
  return !asked.includes(id) && !id.startsWith('openrouter/');
}

/** Returns the ids of models of the same author first, and of those the newest first. */
function nearestFirst(models: readonly Model[], asked: string): string[] {
  const author = authorOf(asked);
  return models
    .toSorted(
      (a, b) => Number(authorOf(b.id) === author) - Number(authorOf(a.id) === author) || (b.created ?? 0) - (a.created ?? 0),
    )
    .map(({ id }) => id);
}

/** No endpoint is left for this request. */
function isRouting({ kind, status, message }: OrxError): boolean {
  return kind === 'no-endpoint' && status === 404 && /no (endpoints?|allowed providers|providers)|all providers/i.test(message);
}

/** Returns whether filters have removed all providers of a model, so that its endpoints tell which filter removed each. */
export function isAllRemoved(error: OrxError): boolean {
  return isRouting(error) && !isUnknownModel(error) && needOf(error) === undefined && !isFreeVariant(error);
}

function needOf(error: OrxError): Need | undefined {
  if (!/support|capab/i.test(error.message) || (!isRouting(error) && error.kind !== 'usage')) return undefined;
  return NEEDS.find(({ said }) => said.test(error.message));
}

/** The free variant no longer exists, or its request limit is reached. */
function isFreeVariant({ kind, code, message }: OrxError): boolean {
  if (kind === 'rate-limit') return /free-models|:free\b/i.test(message);
  return (
    kind === 'no-endpoint' &&
    (code === 'free_variant_ended' || /:free\b|no endpoints found for|is not a valid model id/i.test(message))
  );
}

function paidHint(error: OrxError, { asked, models }: FailedRequest): readonly Hint[] | undefined {
  const free = asked.find((name) => FREE.test(name) && error.message.includes(name)) ?? asked.find((name) => FREE.test(name));
  const paid = free?.replace(FREE, '');
  // Without a catalogue this is assumed: a free variant nearly always has a paid base model.
  const isKnown = models.length === 0 || models.some(({ id, canonicalSlug }) => id === paid || canonicalSlug === paid);
  return paid === undefined || !isKnown
    ? undefined
    : [
        {
          shell: `use the paid variant, which has no such limit: -m ${paid}`,
          session: `use the paid variant, which has no such limit: /model ${paid}`,
        },
      ];
}

function nearHints(error: OrxError, { asked, models }: FailedRequest): readonly string[] {
  const unknown = asked.find((name) => error.message.includes(name)) ?? asked[0] ?? '';
  const near = nearNames(unknown, models).filter((id) => id !== unknown);
  return [...(near.length === 0 ? [] : [`did you mean ${near.join(', ')}?`]), SEARCH_MODELS];
}

function needHints({ filter, meets }: Need, { asked, models, settings }: FailedRequest): readonly string[] {
  const able = nearestFirst(
    models.filter((model) => meets(model) && isChoice(model, asked)),
    asked[0] ?? '',
  ).slice(0, MOST_NAMES);
  const limits = limitsOf(settings);
  return [
    ...(able.length === 0 ? [] : [`use a model that supports it: ${able.join(', ')}`]),
    `list all that support it: orx models ${filter}`,
    ...(limits.length === 0 ? [] : [loosen(limits)]),
  ];
}

function limitHints(error: OrxError, settings: RequestSettings & RoutingSettings): readonly Hint[] | undefined {
  const limits = limitsOf(settings);
  return limits.length === 0 ? undefined : [loosen(limits), ...error.hints].slice(0, MOST_NAMES);
}

function loosen(limits: readonly string[]): string {
  return `relax the limits on providers: ${limits.join(', ')}`;
}

/** Returns the flags of the settings in effect that exclude providers. */
function limitsOf(settings: RequestSettings & RoutingSettings): readonly string[] {
  const isSet: readonly (readonly [flag: string, isSet: boolean])[] = [
    ['--only', settings.only !== undefined],
    ['--ignore', settings.ignore !== undefined],
    ['--max-price', settings['max-price'] !== undefined],
    ['--quantization', settings.quantization !== undefined],
    ['--require-parameters', settings['require-parameters']],
    ['--data-policy strict', settings['data-policy'] === 'strict'],
    ['--zdr', settings.zdr],
    ['--no-provider-fallbacks', !settings['provider-fallbacks']],
  ];
  return isSet.filter(([, is]) => is).map(([flag]) => flag);
}
