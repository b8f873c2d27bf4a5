import { decimal, decimalText } from '../../decimal.ts';
import type { Metrics, Usage } from '../../apis/completion.ts';
import type { Answer } from '../answer/answer.ts';
import type { LookedUpCost } from '../answer/receipt.ts';

/**
 * Combines the answers of a turn with several requests: the text of the last, the media and sources of all, and the sums of tokens, cost and
 * times. The cost is known only if that of every step is known.
 */
export function addAnswers(steps: readonly Answer[]): Answer | undefined {
  const last = steps.at(-1);
  if (last === undefined || steps.length === 1) return last;
  return {
    ...last,
    reasoning: steps.map(({ reasoning }) => reasoning).join(''),
    images: steps.flatMap(({ images }) => images),
    audio: steps.flatMap(({ audio }) => audio),
    annotations: steps.flatMap(({ annotations }) => annotations),
    retries: steps.flatMap(({ retries }) => retries),
    usage: addUsage(steps.map(({ usage }) => usage)),
    metrics: addMetrics(steps),
  };
}

function addUsage(all: readonly (Usage | undefined)[]): Usage | undefined {
  if (all.some((usage) => usage === undefined)) return undefined;
  const usages = all as readonly Usage[];
  const add = (pick: (usage: Usage) => number | undefined): number | undefined =>
    usages.every((usage) => pick(usage) === undefined) ? undefined : usages.reduce((sum, usage) => sum + (pick(usage) ?? 0), 0);
  const [promptTokens, completionTokens, totalTokens] = [
    add((usage) => usage.promptTokens) ?? 0,
    add((usage) => usage.completionTokens) ?? 0,
    add((usage) => usage.totalTokens) ?? 0,
  ];
  return {
    promptTokens,
    completionTokens,
    totalTokens,
    cachedTokens: add((usage) => usage.cachedTokens),
    cacheWriteTokens: add((usage) => usage.cacheWriteTokens),
    cacheWrite1hTokens: add((usage) => usage.cacheWrite1hTokens),
    reasoningTokens: add((usage) => usage.reasoningTokens),
    ...addCosts(usages),
    wire: { prompt_tokens: promptTokens, completion_tokens: completionTokens, total_tokens: totalTokens },
  };
}

/** From the first request to the last token, without the time for tools and questions; the throughput is that of all tokens together. */
function addMetrics(steps: readonly Answer[]): Metrics | undefined {
  const known = steps.flatMap(({ metrics }) => (metrics === undefined ? [] : [metrics]));
  if (known.length === 0) return undefined;
  let tokens = 0;
  let seconds = 0;
  for (const { metrics, usage } of steps) {
    if (metrics?.throughput === undefined || metrics.throughput === 0 || usage === undefined) continue;
    tokens += usage.completionTokens;
    seconds += usage.completionTokens / metrics.throughput;
  }
  const loads = known.flatMap(({ loadMs }) => loadMs ?? []);
  return {
    timeToFirstTokenMs: known[0]!.timeToFirstTokenMs,
    ...(loads.length > 0 && { loadMs: loads.reduce((sum, loadMs) => sum + loadMs, 0) }),
    durationMs: known.reduce((sum, { durationMs }) => sum + durationMs, 0),
    throughput: seconds === 0 ? undefined : tokens / seconds,
  };
}

/** Returns the total cost of a turn's steps; `lookedUp` is the cost of the last step if it was looked up. */
export function costOf(steps: readonly { answer: Answer }[], lookedUp: LookedUpCost | undefined): LookedUpCost {
  return addCosts(
    steps.map(({ answer: { usage } }, index) => {
      const isLast = index === steps.length - 1;
      return (usage?.cost === undefined && isLast ? lookedUp : undefined) ?? usage ?? {};
    }),
  );
}

/** The cost is undefined if any part is unknown; the same applies to what providers charged. */
function addCosts(parts: readonly LookedUpCost[]): LookedUpCost {
  const withOwnKey = parts.filter(({ isByok }) => isByok === true);
  return {
    cost: addAll(parts.map(({ cost }) => cost)),
    // If orx computed one part, the sum counts as computed.
    ...(parts.some(({ isComputed }) => isComputed === true) && { isComputed: true }),
    isByok: withOwnKey.length > 0,
    upstreamCost: withOwnKey.length === 0 ? undefined : addAll(withOwnKey.map(({ upstreamCost }) => upstreamCost)),
  };
}

function addAll(amounts: readonly (string | undefined)[]): string | undefined {
  if (amounts.some((amount) => amount === undefined)) return undefined;
  return decimalText(amounts.reduce((sum, amount) => sum.plus(amount!), decimal(0)));
}
