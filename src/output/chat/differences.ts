import type { Receipt } from '../../core/answer/receipt.ts';
import { paidCost } from '../../paid-cost.ts';
import { moneyText } from '../text/money.ts';
import { visibleLine } from '../text/visible.ts';

/**
 * Returns the warnings of a receipt that are shown in every mode: the response differs from the request. Empty for an ordinary
 * answer. `showsCost`: no receipt follows, so the warning about another model has the cost.
 */
export function differenceTexts(receipt: Receipt, { showsCost = false } = {}): readonly string[] {
  const { otherModels, asked, answers, fallbacks, dropped } = receipt;
  const causes = causesText(receipt) || (receipt.reason ?? '');
  const paid = showsCost ? paidCost(receipt) : undefined;
  const cost = paid === undefined ? '' : ` (${moneyText(paid)})`;
  return [
    ...fallbacks.map(
      ({ model, error }) => `warning: ${model} could not answer: ${error instanceof Error ? error.message : String(error)}`,
    ),
    ...otherModels.map((model) => `warning: answered by ${model}, not ${asked}${cost}${causes === '' ? '' : `: ${causes}`}`),
    ...dropped.map((text) => `warning: left out: ${text}`),
    ...(answers > 1 ? [`warning: the server sent ${answers} responses; only the first is shown`] : []),
  ].map(visibleLine);
}

/** Returns the failed attempts and retries before the answer. */
export function causesText({ failedAttempts, retries }: Receipt): string {
  const tried = failedAttempts.map((attempt) => `${attempt.provider} ${attempt.status ?? ''}`.trim());
  const own = retries === 0 ? [] : [`${retries} ${retries === 1 ? 'retry' : 'retries'}`];
  return [...tried, ...own].join(', ');
}
