import type { ChatDeviations } from '../chat-deviations.ts';
import type { ReasoningParameters } from '../request-parameters.ts';
import type { Vendor } from '../vendors.ts';
import type { EncodedParameters } from './encode-chat-parameters.ts';

/** Encodes the reasoning effort in the vendor's own fields. */
export function encodeChatReasoning(
  reasoning: ReasoningParameters | undefined,
  model: string,
  vendor: Vendor,
  { reasoning: form = 'effort', highestEffort }: ChatDeviations,
): EncodedParameters {
  // Without this field, these models write their reasoning into the answer's text.
  if (reasoning === undefined) return { fields: form === 'parsed' ? { reasoning_format: 'parsed' } : {}, dropped: [] };
  const { enabled, maxTokens, exclude } = reasoning;
  const wanted = reasoning.effort ?? (enabled === false ? 'none' : undefined);
  const dropped: string[] = [];
  if (maxTokens !== undefined) dropped.push(`reasoning.max_tokens: ${vendor.label} has no such parameter`);
  if (form === 'none') {
    if (wanted !== undefined) dropped.push(`reasoning.effort: ${model} does not accept it`);
    if (exclude === true) dropped.push(`reasoning.exclude: ${model} does not accept it`);
    return { fields: {}, dropped };
  }
  const effort = atMost(wanted, highestEffort);
  if (effort !== wanted) dropped.push(`reasoning.effort ${wanted}: ${vendor.label} accepts up to ${effort}; orx sent ${effort}`);
  const hides = form === 'include' || form === 'parsed';
  if (exclude === true && !hides) dropped.push(`reasoning.exclude: ${vendor.label} has no such parameter`);
  const asked = effort !== undefined || maxTokens !== undefined || enabled !== undefined;
  const isOff = effort === 'none';
  const named = effort === undefined ? {} : { reasoning_effort: effort };
  switch (form) {
    case 'effort':
      return { fields: named, dropped };
    case 'thinking':
      return {
        fields: asked ? { thinking: { type: isOff ? 'disabled' : 'enabled' }, ...(isOff ? {} : atLeastLow(effort)) } : {},
        dropped,
      };
    case 'toggle':
      return { fields: asked ? { reasoning: { enabled: !isOff }, ...(isOff ? {} : atLeastLow(effort)) } : {}, dropped };
    case 'template':
      return {
        fields: asked ? { chat_template_kwargs: { enable_thinking: !isOff }, ...(isOff ? {} : atLeastLow(effort)) } : {},
        dropped,
      };
    case 'include':
      if (isOff) dropped.push(`reasoning.effort: ${model} always reasons`);
      return { fields: { ...(isOff ? {} : atLeastLow(effort)), ...(exclude === true && { include_reasoning: false }) }, dropped };
    case 'parsed':
      return {
        fields: {
          reasoning_format: exclude === true ? 'hidden' : 'parsed',
          ...(asked && { reasoning_effort: isOff ? 'none' : 'default' }),
        },
        dropped,
      };
  }
}

/** Only OpenAI supports `minimal`; the lowest effort of other hosts is `low`. */
function atLeastLow(effort: string | undefined): Record<string, string> {
  return effort === undefined ? {} : { reasoning_effort: effort === 'minimal' ? 'low' : effort };
}

const HIGH_EFFORTS: readonly string[] = ['high', 'xhigh', 'max'];

function atMost(effort: string | undefined, highest: ChatDeviations['highestEffort']): string | undefined {
  if (effort === undefined || highest === undefined) return effort;
  return HIGH_EFFORTS.indexOf(effort) > HIGH_EFFORTS.indexOf(highest) ? highest : effort;
}
