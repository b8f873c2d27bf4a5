import type { ChatRequest } from '../completion.ts';
import type { Vendor } from '../vendors.ts';

type Level = 'low' | 'medium' | 'high';

const LEVELS: Readonly<Record<string, Level>> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/**
 * Returns whether and how much the model should think, and what of the request Ollama does not support. gpt-oss has levels and
 * always thinks; all other models think or do not. Absent: the request has no setting, and the model decides. A model without
 * thinking rejects the setting.
 */
export function encodeThink(
  { model, reasoning }: ChatRequest,
  { label }: Vendor,
): { think: boolean | Level | undefined; dropped: readonly string[] } {
  if (reasoning === undefined) return { think: undefined, dropped: [] };
  const { effort, maxTokens, exclude, enabled } = reasoning;
  const dropped = [
    ...(maxTokens === undefined ? [] : [`reasoning.max_tokens: ${label} has no such parameter`]),
    ...(exclude === true ? [`reasoning.exclude: ${label} always sends the reasoning`] : []),
  ];
  const isOff = effort === 'none' || (effort === undefined && enabled === false);
  if (!/(^|\/)gpt-oss/i.test(model)) {
    const isAsked = isOff || effort !== undefined || enabled === true || maxTokens !== undefined;
    return { think: isAsked ? !isOff : undefined, dropped };
  }
  if (isOff) return { think: 'low', dropped: [...dropped, `reasoning: ${model} always reasons; the minimum is low effort`] };
  return { think: effort === undefined ? undefined : (LEVELS[effort] ?? 'medium'), dropped };
}
