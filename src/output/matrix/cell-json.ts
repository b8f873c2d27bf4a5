import { decimal, decimalText } from '../../decimal.ts';
import type { AnswerRecord } from '../../storage/matrix/record.ts';
import { withoutKeys } from '../text/error.ts';
import { type CellResult, hasPassed } from '../../core/matrix/cell-result.ts';
import type { CellVerdict } from '../../core/matrix/judged.ts';

/**
 * Returns a cell as data, for JSON. `passed` is null for a case that expects nothing and for an answer that was not checked; an
 * answer that never came is false. Costs and times are those of all questions of the case.
 */
export function cellJson(result: CellResult, lanes: readonly { name: string; model: string }[]): Record<string, unknown> {
  const { cell, state, answers, outcome, error, verdicts } = result;
  const { testCase, repetition } = cell;
  const lane = lanes[cell.lane]!;
  const last = answers.at(-1);
  return {
    case: testCase.id,
    ...(testCase.label !== undefined && { label: testCase.label }),
    ...(testCase.promptName !== undefined && { prompt_name: testCase.promptName }),
    ...(testCase.tags.length > 0 && { tags: testCase.tags }),
    ...(testCase.origin.line !== undefined && { line: testCase.origin.line }),
    lane: lane.name,
    repetition,
    state,
    passed: passedOf(result),
    ...(outcome?.score !== undefined && { score: outcome.score }),
    prompt: testCase.prompt.map(({ role, text }) => ({ role, content: text })),
    ...(testCase.followUps.length > 0 && { follow_ups: testCase.followUps }),
    ...(Object.keys(testCase.vars).length > 0 && { vars: testCase.vars }),
    content: last?.text ?? null,
    ...(last?.reasoning !== undefined && { reasoning: last.reasoning }),
    ...(last?.images !== undefined && { images: last.images }),
    ...(last?.toolCalls !== undefined && { tool_calls: last.toolCalls }),
    ...(answers.length > 1 && { earlier_answers: answers.slice(0, -1).map(({ text }) => text) }),
    expectations: outcome?.checks ?? [],
    ...(outcome?.metrics !== undefined && { metrics: outcome.metrics }),
    ...(verdicts !== undefined && { verdicts: verdicts.map(verdictJson) }),
    requested_model: lane.model,
    model: last?.model ?? null,
    provider: last?.provider ?? null,
    finish_reason: last?.finishReason ?? null,
    generation_id: last?.generation ?? null,
    cost: costOfCell(answers) ?? null,
    cost_is_computed: answers.some(({ isComputed }) => isComputed === true),
    usage: {
      prompt_tokens: sumOf(answers, 'promptTokens') ?? null,
      completion_tokens: sumOf(answers, 'completionTokens') ?? null,
      reasoning_tokens: sumOf(answers, 'reasoningTokens') ?? null,
    },
    timing: {
      time_to_first_token_ms: last?.timeToFirstTokenMs ?? null,
      duration_ms: sumOf(answers, 'durationMs') ?? null,
      tokens_per_second: last?.throughput ?? null,
    },
    attempts: answers.reduce((sum, { attempts }) => sum + attempts, 0),
    error: error ?? null,
  };
}

/** Returns what a judge said about an answer as data. */
export function verdictJson({ against, result, score, isConsistent, reason }: CellVerdict): Record<string, unknown> {
  return {
    ...(against !== undefined && { against }),
    result,
    ...(score !== undefined && { score }),
    ...(against !== undefined && { consistent: isConsistent ?? null }),
    reason: withoutKeys(reason),
  };
}

/** Returns whether a cell passed; null if nothing was expected or checked. */
export function passedOf(result: CellResult): boolean | null {
  if (result.cell.testCase.expectations.length === 0) return null;
  if (result.state !== 'answered') return false;
  return result.outcome === undefined ? null : hasPassed(result);
}

/** Returns the exact cost of all answers of a cell in USD; undefined if one of them is not known. */
export function costOfCell(answers: readonly AnswerRecord[]): string | undefined {
  const costs = answers.map(({ cost }) => cost);
  if (costs.length === 0 || costs.includes(undefined)) return undefined;
  return decimalText(costs.reduce((sum, cost) => sum.plus(cost ?? 0), decimal(0)));
}

/** Returns the sum of a measure over all answers of a cell; undefined if it is known for none. */
export function sumOf(
  answers: readonly AnswerRecord[],
  key: 'promptTokens' | 'completionTokens' | 'reasoningTokens' | 'durationMs',
): number | undefined {
  const values = answers.map((answer) => answer[key]).filter((value) => value !== undefined);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0);
}
