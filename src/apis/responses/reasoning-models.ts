import type { ReasoningParameters } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';

/**
 * OpenAI's o series, GPT-5 and later, and Codex, including fine-tuned ones. The chat variants do not reason, and reject reasoning
 * settings.
 */
const OPENAI = /^(ft:)?(o\d|gpt-([5-9]|\d\d)|codex)(?!.*-chat)/i;
const XAI = /^grok-[4-9](?!.*non-reasoning)/i;

/**
 * Returns whether the model is known to reason, so that encrypted reasoning can be requested; a model that does not reason
 * rejects the request. For unknown hosts, a request with reasoning settings decides.
 */
export function reasons({ name }: Vendor, model: string, reasoning: ReasoningParameters | undefined): boolean {
  if (name === 'openai') return OPENAI.test(model);
  if (name === 'xai') return XAI.test(model);
  return reasoning !== undefined && !isOff(reasoning);
}

export function isOff({ effort, enabled }: ReasoningParameters): boolean {
  return effort === 'none' || (effort === undefined && enabled === false);
}

/** Grok models that decide themselves how much to reason, and reject an effort. */
const XAI_WITHOUT_EFFORT = /^grok-(4($|-|\.20)|build|code)|non-reasoning/i;

export function refusesEffort({ name }: Vendor, model: string): boolean {
  return name === 'xai' && XAI_WITHOUT_EFFORT.test(model);
}

/** Returns whether the model rejects `temperature` and `top_p`. OpenAI's models do while they reason. */
export function refusesSampling({ name }: Vendor, model: string, reasoning: ReasoningParameters | undefined): boolean {
  return name === 'openai' && OPENAI.test(model) && !(reasoning !== undefined && isOff(reasoning));
}
