import type { ReasoningParameters } from '../request-parameters.ts';
import { type ThinkingControl, thinkingControl } from './model-facts.ts';

/** The thinking settings of a request, and a line for each setting that the model does not support. */
export interface EncodedThinking {
  config: Readonly<Record<string, unknown>> | undefined;
  dropped: readonly string[];
}

/** Budget in tokens by effort. Source: the mapping in Google's OpenAI-compatible API. */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1024, low: 1024, medium: 8192, high: 24_576 };
const LEVELS: Readonly<Record<string, string>> = { minimal: 'MINIMAL', low: 'LOW', medium: 'MEDIUM', high: 'HIGH' };
/** Efforts above the highest level. */
const ABOVE_HIGH = new Set(['xhigh', 'max']);

export function encodeThinking(model: string, reasoning: ReasoningParameters | undefined): EncodedThinking {
  const control = thinkingControl(model);
  const effort = reasoning?.effort ?? (reasoning?.enabled === false ? 'none' : undefined);
  if (control === undefined) {
    const isAsked = (effort ?? 'none') !== 'none' || reasoning?.maxTokens !== undefined || reasoning?.enabled === true;
    return { config: undefined, dropped: isAsked ? [`reasoning: ${model} does not reason`] : [] };
  }
  const includes = reasoning?.exclude !== true;
  return control.by === 'level'
    ? byLevel(model, control, { effort, maxTokens: reasoning?.maxTokens, includes })
    : byBudget(model, control, { effort, maxTokens: reasoning?.maxTokens, isOn: reasoning?.enabled === true, includes });
}

interface Asked {
  effort: string | undefined;
  maxTokens: number | undefined;
  /** The reply must include the reasoning. */
  includes: boolean;
}

function byLevel(
  model: string,
  { lowest }: Extract<ThinkingControl, { by: 'level' }>,
  { effort, maxTokens, includes }: Asked,
): EncodedThinking {
  const shown = includes ? { includeThoughts: true } : {};
  const dropped: string[] = [];
  let level: string | undefined;
  if (maxTokens !== undefined) {
    const near = maxTokens <= 1024 ? 'low' : maxTokens <= 8192 ? 'medium' : 'high';
    level = LEVELS[near];
    dropped.push(`reasoning.max_tokens: ${model} uses an effort instead: ${near}`);
  } else if (effort === 'none') {
    level = lowest;
    dropped.push(`reasoning.effort none: ${model} always reasons; orx requested the minimum`);
  } else if (effort !== undefined) {
    level = ABOVE_HIGH.has(effort) ? 'HIGH' : Object.hasOwn(LEVELS, effort) ? LEVELS[effort] : undefined;
    if (level === undefined) dropped.push(`reasoning.effort ${effort}: ${model} accepts minimal, low, medium and high`);
    if (level === 'MINIMAL') level = lowest;
  }
  return { config: orNothing({ ...(level !== undefined && { thinkingLevel: level }), ...shown }), dropped };
}

function byBudget(
  model: string,
  { least, most, canStop, isDefault }: Extract<ThinkingControl, { by: 'budget' }>,
  { effort, maxTokens, isOn, includes }: Asked & { isOn: boolean },
): EncodedThinking {
  const shown = includes ? { includeThoughts: true } : {};
  const clamped = (count: number): number => Math.min(most, Math.max(least, count));
  if (maxTokens !== undefined && maxTokens > 0) return { config: { thinkingBudget: clamped(maxTokens), ...shown }, dropped: [] };
  if (effort === 'none' || maxTokens === 0) {
    // Requesting the reasoning text without reasoning is an error.
    if (canStop) return { config: { thinkingBudget: 0 }, dropped: [] };
    const line = `reasoning.effort none: ${model} always reasons; orx requested the minimum`;
    return { config: { thinkingBudget: least, ...shown }, dropped: [line] };
  }
  if (effort !== undefined) {
    const budget = ABOVE_HIGH.has(effort) ? most : Object.hasOwn(BUDGETS, effort) ? BUDGETS[effort] : undefined;
    if (budget !== undefined) return { config: { thinkingBudget: clamped(budget), ...shown }, dropped: [] };
    return { config: orNothing(shown), dropped: [`reasoning.effort ${effort}: ${model} accepts minimal, low, medium and high`] };
  }
  // -1: the model decides how long it reasons.
  if (isOn) return { config: { thinkingBudget: -1, ...shown }, dropped: [] };
  return { config: isDefault ? orNothing(shown) : undefined, dropped: [] };
}

function orNothing(config: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | undefined {
  return Object.keys(config).length === 0 ? undefined : config;
}
