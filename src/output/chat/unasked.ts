import type { Receipt } from '../../core/answer/receipt.ts';
import { visibleLine } from '../text/visible.ts';

/** What a receipt says that holds in every mode: what came is not what was asked for. Empty for an ordinary answer. */
export function unaskedTexts(receipt: Receipt): readonly string[] {
  const { otherModels, asked, answers, fallbacks, dropped } = receipt;
  const causes = causesText(receipt);
  return [
    ...fallbacks.map(
      ({ model, error }) => `warning: ${model} could not answer: ${error instanceof Error ? error.message : String(error)}`,
    ),
    ...otherModels.map((model) => `warning: answered by ${model}, not ${asked}${causes === '' ? '' : `: ${causes}`}`),
    ...dropped.map((text) => `warning: left out: ${text}`),
    ...(answers > 1 ? [`warning: the server sent ${answers} responses; only the first is shown`] : []),
  ].map(visibleLine);
}

/** What had to be tried before the answer came. */
export function causesText({ failedAttempts, retries }: Receipt): string {
  const tried = failedAttempts.map((attempt) => `${attempt.provider} ${attempt.status ?? ''}`.trim());
  const own = retries === 0 ? [] : [`${retries} ${retries === 1 ? 'retry' : 'retries'}`];
  return [...tried, ...own].join(', ');
}
