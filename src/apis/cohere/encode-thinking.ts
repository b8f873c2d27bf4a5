import type { ReasoningParameters } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';

/** The thinking configuration of a request, and a line for each setting that the model does not support. */
interface CohereThinking {
  config: Readonly<Record<string, unknown>> | undefined;
  dropped: readonly string[];
}

/** Models that reject the parameter. An unknown name counts as a newer model. */
const NEVER_REASONS =
  /^(command|command-(light|nightly|r|r-plus|r7b|a)(-\d{2}-\d{4}|-arabic.*)?|command-a-(vision|translate).*|c4ai-.*)$/i;
/** Cohere has token budgets instead of efforts; orx chose these numbers. Efforts that are not listed have no limit. */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 512, low: 1024, medium: 8192 };

export function encodeCohereThinking(
  model: string,
  reasoning: ReasoningParameters | undefined,
  { label }: Vendor,
): CohereThinking {
  if (reasoning === undefined) return { config: undefined, dropped: [] };
  const { effort, maxTokens, enabled, exclude } = reasoning;
  const isOff = effort === 'none' || enabled === false || maxTokens === 0;
  const isAsked = effort !== undefined || maxTokens !== undefined || enabled === true;
  if (NEVER_REASONS.test(model)) {
    return { config: undefined, dropped: isAsked && !isOff ? [`reasoning: ${model} does not reason`] : [] };
  }
  if (isOff) return { config: { type: 'disabled' }, dropped: [] };
  const dropped = exclude === true ? [`reasoning.exclude: ${label} always sends its reasoning`] : [];
  if (!isAsked) return { config: undefined, dropped };
  const budget = maxTokens ?? (effort !== undefined && Object.hasOwn(BUDGETS, effort) ? BUDGETS[effort] : undefined);
  return { config: { type: 'enabled', ...(budget !== undefined && { token_budget: budget }) }, dropped };
}
