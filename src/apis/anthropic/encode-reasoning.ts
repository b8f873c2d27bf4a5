import type { ChatRequest } from '../completion.ts';
import type { ReasoningParameters } from '../request-parameters.ts';
import type { ClaudeFacts } from './claude-facts.ts';

type Wire = Record<string, unknown>;

/** The parts of a request that decide whether the model may reason. */
export interface ReasoningScene {
  /** The limit of output tokens that is sent. */
  maxTokens: number;
  demandsCall: boolean;
  endsInAnswer: boolean;
  hasUnreasonedCalls: boolean;
}

export interface WireReasoning {
  thinking?: Wire | undefined;
  effort?: string | undefined;
  dropped: readonly string[];
}

/** Minimum budget of the API. */
const LEAST_BUDGET = 1024;
/** Share of the output tokens for reasoning, by effort. The rest remains for the answer. */
const SHARES: Readonly<Record<string, number>> = { minimal: 0.02, low: 0.1, medium: 0.3, high: 0.6, xhigh: 0.9, max: 0.9 };
const MOST = 0.9;

/**
 * Encodes the reasoning settings. The budget is a share of `max_tokens`, which is never raised: a limit of output tokens includes
 * the reasoning, and the maximum cost of a request depends on it.
 */
export function encodeReasoning(request: ChatRequest, facts: ClaudeFacts, scene: ReasoningScene): WireReasoning {
  const { reasoning = {}, model } = request;
  const verbosity = effortOf(request.verbosity, facts, model);
  const noVerbosity =
    request.verbosity !== undefined && facts.efforts.length === 0 ? [`verbosity: ${model} has no such parameter`] : [];
  if (isOff(reasoning)) return withDropped(turnedOff(facts, model, verbosity.effort), noVerbosity);
  const isOn = (reasoning.effort ?? reasoning.maxTokens) !== undefined || reasoning.enabled === true;
  if (!isOn) return { effort: verbosity.effort, dropped: [...noVerbosity, ...verbosity.dropped] };
  const usesBudget = facts.reasoning === 'budget' || (facts.reasoning === 'both' && reasoning.maxTokens !== undefined);
  if (facts.reasoning === 'none' || usesBudget) {
    const on = facts.reasoning === 'none' ? { dropped: [`reasoning: ${model} does not reason`] } : budgeted(reasoning, scene);
    return withDropped({ effort: verbosity.effort, ...on }, [...noVerbosity, ...verbosity.dropped]);
  }
  const { effort = verbosity.effort, dropped } = effortOf(reasoning.effort, facts, model);
  const noBudget = reasoning.maxTokens === undefined ? [] : [`reasoning tokens: ${model} takes no limit, only an effort`];
  return {
    thinking: { type: 'adaptive', display: reasoning.exclude === true ? 'omitted' : 'summarized' },
    effort,
    dropped: [...dropped, ...noBudget],
  };
}

function isOff({ effort, maxTokens, enabled }: ReasoningParameters): boolean {
  return enabled === false || effort === 'none' || maxTokens === 0;
}

/** Turns reasoning off explicitly, because some models reason by default. */
function turnedOff(
  { reasoning, reasoningOff, limitsEffortWhenOff, efforts }: ClaudeFacts,
  model: string,
  effort?: string,
): WireReasoning {
  if (reasoning === 'none') return { effort, dropped: [] };
  switch (reasoningOff) {
    case 'disabled': {
      const isTooHigh = limitsEffortWhenOff === true && (effort === 'xhigh' || effort === 'max');
      return { thinking: { type: 'disabled' }, effort: isTooHigh ? 'high' : effort, dropped: [] };
    }
    case 'between-tools': {
      const isTooHigh = effort === 'xhigh' || effort === 'max';
      return {
        thinking: { type: 'between_tools' },
        effort: isTooHigh ? 'high' : effort,
        dropped: [`no reasoning: ${model} still reasons between tool calls`],
      };
    }
    default:
      return { effort: effort ?? efforts[0], dropped: [`no reasoning: ${model} always reasons`] };
  }
}

function budgeted({ effort, maxTokens: wanted, exclude }: ReasoningParameters, scene: ReasoningScene): WireReasoning {
  const { maxTokens } = scene;
  if (scene.endsInAnswer) return notNow('not while an answer that has begun is continued');
  if (scene.demandsCall) return notNow('not while a tool call is required');
  if (maxTokens <= LEAST_BUDGET) return notNow(`it takes more than ${LEAST_BUDGET} output tokens`);
  if (scene.hasUnreasonedCalls) {
    return { thinking: { type: 'disabled' }, dropped: ['reasoning: the tool calls of this turn were made without it'] };
  }
  const most = Math.floor(maxTokens * MOST);
  const share = SHARES[effort ?? 'medium'] ?? SHARES['medium']!;
  const budget = Math.max(LEAST_BUDGET, Math.min(wanted ?? Math.floor(maxTokens * share), most));
  return {
    thinking: { type: 'enabled', budget_tokens: budget, ...(exclude === true && { display: 'omitted' }) },
    dropped: [],
  };
}

function notNow(why: string): WireReasoning {
  return { dropped: [`reasoning: ${why}`] };
}

/** Returns the effort if the model supports it, or the next lower one. */
function effortOf(
  wanted: string | undefined,
  { efforts }: ClaudeFacts,
  model: string,
): { effort?: string | undefined; dropped: string[] } {
  if (wanted === undefined || efforts.length === 0) return { dropped: [] };
  if (wanted === 'minimal') return { effort: efforts[0], dropped: [] };
  const order = ['low', 'medium', 'high', 'xhigh', 'max'];
  if (efforts.includes(wanted) || !order.includes(wanted)) return { effort: wanted, dropped: [] };
  const effort = efforts.findLast((one) => order.indexOf(one) < order.indexOf(wanted));
  return { effort, dropped: [`effort ${wanted}: ${model} is asked for ${effort}`] };
}

function withDropped(wire: WireReasoning, more: readonly string[]): WireReasoning {
  return { ...wire, dropped: [...more, ...wire.dropped] };
}
