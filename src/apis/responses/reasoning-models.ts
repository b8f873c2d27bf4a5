import type { ReasoningParameters } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';

/** OpenAI's o series, GPT-5 and later, and Codex, also tuned ones. The chat variants do not reason, and refuse what belongs to reasoning. */
const OPENAI = /^(ft:)?(o\d|gpt-([5-9]|\d\d)|codex)(?!.*-chat)/i;
const XAI = /^grok-[4-9](?!.*non-reasoning)/i;

/**
 * Whether the model is known to reason, so that its reasoning can be had in encrypted form: a model that does not reason refuses to be asked
 * for it. Of a host of which nothing is known, a request that asks for reasoning says so.
 */
export function reasons({ name }: Vendor, model: string, reasoning: ReasoningParameters | undefined): boolean {
  if (name === 'openai') return OPENAI.test(model);
  if (name === 'xai') return XAI.test(model);
  return reasoning !== undefined && !isOff(reasoning);
}

export function isOff({ effort, enabled }: ReasoningParameters): boolean {
  return effort === 'none' || (effort === undefined && enabled === false);
}

/** Grok 4 reasons as it does, and refuses to be told how hard. */
const XAI_WITHOUT_EFFORT = /^grok-(4($|-|\.20)|build|code)|non-reasoning/i;

export function refusesEffort({ name }: Vendor, model: string): boolean {
  return name === 'xai' && XAI_WITHOUT_EFFORT.test(model);
}

/** Whether the model refuses `temperature` and `top_p`: OpenAI's do while they reason. */
export function refusesSampling({ name }: Vendor, model: string, reasoning: ReasoningParameters | undefined): boolean {
  return name === 'openai' && OPENAI.test(model) && !(reasoning !== undefined && isOff(reasoning));
}
