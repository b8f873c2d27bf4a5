import type { FinishedCall } from '../../core/tools/run-calls.ts';
import type { Step } from '../../core/tools/run-with-tools.ts';

/**
 * Returns a tool call and its result as data. `state` is `done`, `failed`, `refused`, `faulty` (could not be made) or `stopped`.
 */
export function toolResultJson({ call, label, state, text, durationMs }: FinishedCall): Record<string, unknown> {
  return {
    id: call.id,
    tool: label,
    arguments: call.arguments,
    state,
    content: text,
    duration_ms: durationMs === undefined ? null : Math.round(durationMs * 10) / 10,
  };
}

/** Returns the requests of a turn with tools, each with its own figures. */
export function stepsJson(steps: readonly Step[]): readonly Record<string, unknown>[] {
  return steps.map(({ answer, calls }) => ({
    id: answer.id ?? null,
    content: answer.text,
    usage: answer.usage?.wire ?? null,
    cost: answer.usage?.cost ?? null,
    ...(answer.usage?.isComputed === true && { cost_source: 'computed' }),
    ...(answer.usage?.upstreamCost === undefined ? {} : { upstream_cost: answer.usage.upstreamCost }),
    tool_results: calls.map(toolResultJson),
  }));
}
