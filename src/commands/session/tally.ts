import type { Transcript } from '../../core/conversation/transcript.ts';
import { type Decimal, decimal } from '../../decimal.ts';
import { paidCost } from '../../paid-cost.ts';
import type { StreamCompletion, Usage } from '../../apis/completion.ts';
import type { StoredMessage } from '../../storage/conversations/conversations.ts';
import type { Sums } from '../../storage/ledger/reports/report.ts';

/** The cost of one conversation, including its comparisons and summaries. A copy does not include the cost of its original. */
export interface Tally {
  cost: Decimal;
  answers: number;
  promptTokens: number;
  completionTokens: number;
  /** The number of requests of unknown cost. */
  unknown: number;
}

/** Returns the earlier cost: from the ledger, which includes comparisons and removed answers, else from the stored answers. */
export function openTally({ stored, forkedFrom }: Transcript, sums: Sums | undefined): Tally {
  const own = stored.filter((one) => one.message.role === 'assistant' && !(forkedFrom !== undefined && one.cost === undefined));
  const answers = own.filter(({ message }) => message.toolCalls === undefined).length;
  if (sums !== undefined && sums.requests >= own.length) {
    const { cost, promptTokens, completionTokens, unknown } = sums;
    return { cost: decimal(cost), answers, promptTokens, completionTokens, unknown };
  }
  const total = (of: (usage: Usage) => number): number => own.reduce((sum, { usage }) => sum + (usage ? of(usage) : 0), 0);
  return {
    cost: own.reduce((sum, { cost }: StoredMessage) => (cost === undefined ? sum : sum.plus(decimal(cost))), decimal(0)),
    answers,
    promptTokens: total((usage) => usage.promptTokens),
    completionTokens: total((usage) => usage.completionTokens),
    unknown: 0,
  };
}

/** Returns the tally with one more request. Without usage, its cost is unknown. */
export function withRequest(tally: Tally, usage: Usage | undefined): Tally {
  if (usage === undefined) return { ...tally, unknown: tally.unknown + 1 };
  const cost = paidCost(usage);
  return {
    ...tally,
    cost: cost === undefined ? tally.cost : tally.cost.plus(decimal(cost)),
    unknown: tally.unknown + (cost === undefined ? 1 : 0),
    promptTokens: tally.promptTokens + usage.promptTokens,
    completionTokens: tally.completionTokens + usage.completionTokens,
  };
}

/** Returns the same stream. Calls `add` with the usage of each answer, and with undefined for a complete answer without usage. */
export function withUsageOf(stream: StreamCompletion, add: (usage: Usage | undefined) => void): StreamCompletion {
  return async function* counted(request, options) {
    let isUnknown = true;
    for await (const event of stream(request, options)) {
      if (event.type === 'usage') {
        isUnknown = false;
        add(event.usage);
      }
      if (event.type === 'response-end' && isUnknown) add(undefined);
      yield event;
    }
  };
}
