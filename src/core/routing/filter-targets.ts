import type { Model } from '../../apis/catalogue.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { parseDirectId } from '../../apis/direct-id.ts';
import { findVendor } from '../../apis/vendors.ts';
import { decimal } from '../../decimal.ts';
import { askedParameters } from './asked-parameters.ts';
import type { Target } from './target.ts';

/** A target that may not answer a request, and why, in a few words. */
export type Exclusion = { target: Target; reason: string };

/** Returns what is known of a target's model; undefined if nothing is. */
export type ModelOf = (target: Target) => Model | undefined;

/**
 * Splits targets by the preferences of a request, as OpenRouter does with providers. For a target that OpenRouter routes, the preferences are
 * sent with the request instead, because OpenRouter knows its providers; only `only` and `ignore` may refer to OpenRouter itself.
 */
export function filterTargets(
  targets: readonly Target[],
  request: ChatRequest,
  modelOf: ModelOf,
): { kept: Target[]; excluded: Exclusion[] } {
  const kept: Target[] = [];
  const excluded: Exclusion[] = [];
  for (const target of targets) {
    const reason = whyNot(target, request, modelOf);
    if (reason === undefined) kept.push(target);
    else excluded.push({ target, reason });
  }
  const { order, allowFallbacks } = request.routing ?? {};
  if (order !== undefined) sortByOrder(kept, order);
  if (allowFallbacks === false) {
    for (const target of kept.splice(1)) excluded.push({ target, reason: 'provider.allow_fallbacks is false' });
  }
  return { kept, excluded };
}

/** Returns whether the request has preferences that require facts about a model. */
export function needsModels({ routing = {}, wishes = {} }: ChatRequest): boolean {
  return routing.maxPrice !== undefined || routing.sort === 'price' || wishes.requireParameters === true;
}

/**
 * Returns whether one of the provider names refers to the target's vendor: its name, an alias, its label, or its author in OpenRouter's
 * catalogue.
 */
export function isNamedProvider(target: Target, names: readonly string[]): boolean {
  const own = providerNames(target);
  return names.some((name) => {
    const wanted = name.trim().toLowerCase();
    return own.includes(wanted) || own.includes(wanted.split('/')[0]!);
  });
}

function providerNames({ model }: Target): readonly string[] {
  const direct = parseDirectId(model);
  if (direct === undefined) return ['openrouter'];
  const vendor = findVendor(direct.vendor);
  const names = [direct.vendor, ...(vendor?.aliases ?? []), vendor?.label ?? '', vendor?.author ?? ''];
  return names.filter((name) => name !== '').map((name) => name.toLowerCase());
}

function whyNot(target: Target, request: ChatRequest, modelOf: ModelOf): string | undefined {
  const { routing = {}, wishes = {} } = request;
  const direct = parseDirectId(target.model);
  const { only, ignore } = routing;
  // OpenRouter itself applies the names of its own providers.
  if (direct === undefined) return ignore !== undefined && isNamedProvider(target, ignore) ? 'in provider.ignore' : undefined;
  if (only !== undefined && !isNamedProvider(target, only)) return 'not in provider.only';
  if (ignore !== undefined && isNamedProvider(target, ignore)) return 'in provider.ignore';
  const { facts } = target;
  const isLocal = findVendor(direct.vendor)?.isLocal === true;
  if (routing.dataCollection === 'deny' && facts.dataCollection !== 'deny' && !isLocal)
    return 'provider.data_collection is deny, and the configuration does not state it for this target';
  if (routing.zeroDataRetention === true && facts.zeroDataRetention !== true && !isLocal)
    return 'provider.zdr is true, and the configuration does not state it for this target';
  const quantization = facts.quantization ?? 'unknown';
  if (routing.quantizations?.every((level) => level.toLowerCase() !== quantization.toLowerCase()) === true)
    return `its quantization is ${quantization}, which is not in provider.quantizations`;
  return (
    overPrice(modelOf(target), routing.maxPrice) ??
    (wishes.requireParameters === true ? lacking(request, modelOf(target)) : undefined)
  );
}

function overPrice(model: Model | undefined, limit: { prompt: string; completion: string } | undefined): string | undefined {
  if (limit === undefined) return undefined;
  const { prompt, completion } = model?.pricing ?? {};
  if (typeof prompt !== 'object' || typeof completion !== 'object')
    return 'its price is not known, and provider.max_price is set';
  const isOver = prompt.times(1_000_000).gt(decimal(limit.prompt)) || completion.times(1_000_000).gt(decimal(limit.completion));
  return isOver ? 'above provider.max_price' : undefined;
}

/** A model without known parameters is kept: otherwise a vendor that lists none would never be used. */
function lacking(request: ChatRequest, model: Model | undefined): string | undefined {
  const supported = model?.supportedParameters ?? [];
  if (supported.length === 0) return undefined;
  const missing = askedParameters(request).filter((names) => !names.some((name) => supported.includes(name)));
  return missing.length === 0
    ? undefined
    : `lacks ${missing.map(([name]) => name).join(', ')}, and provider.require_parameters is true`;
}

/** Stable: targets that `order` does not name keep their order after the others. */
function sortByOrder(targets: Target[], order: readonly string[]): void {
  const place = (target: Target): number => {
    const index = order.findIndex((name) => isNamedProvider(target, [name]));
    return index < 0 ? order.length : index;
  };
  targets.sort((one, other) => place(one) - place(other));
}
