import { decimal } from '../../decimal.ts';
import type { MatrixQuote } from '../../core/matrix/quote.ts';
import { OrxError, usageError } from '../../errors.ts';
import { moneyRange } from '../../output/matrix/progress.ts';
import { countOf } from '../../output/text/count-of.ts';
import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Context } from '../context.ts';
import { terminalFacts } from '../is-drawable.ts';

/** What is known about the cost of requests before they are sent. */
export interface QuotedRequests extends MatrixQuote {
  /** Requests whose answer is stored already. */
  stored: number;
  /** The part of a judge; undefined without one. */
  judge?: MatrixQuote | undefined;
  /** The smallest difference of pass rates that the run can show, from 0 to 1. */
  smallestDifference: number | undefined;
}

/** Returns the quote in words, one line each. */
export function matrixQuoteLines(quoted: QuotedRequests): string[] {
  const { requests, stored, judge, low, high, unpriced, smallestDifference } = quoted;
  const count = countOf(requests, 'request');
  const done = stored === 0 ? '' : `, ${countText(stored)} answered already`;
  const unknown = unpriced.length === 0 ? '' : `; price unknown: ${unpriced.map(visibleLine).join(', ')}`;
  const cost = requests === 0 ? 'nothing to pay' : `about ${moneyRange({ low, high })}`;
  const difference =
    smallestDifference === undefined
      ? []
      : [
          smallestDifference >= 1
            ? 'too few cases to show any difference between lanes'
            : `a difference between lanes below about ${Math.ceil(smallestDifference * 100)} points would not show with these cases`,
        ];
  const ofJudge =
    judge === undefined || judge.requests === 0
      ? []
      : [
          `of these, ${countOf(judge.requests, 'request')} to the judge · about ${judge.unpriced.length > 0 ? 'unknown' : moneyRange(judge)}`,
        ];
  return [`${count}${done} · ${cost}${unknown}`, ...ofJudge, ...difference];
}

/**
 * Asks before requests that may cost more than the setting `confirm-above` allows, or whose price is not known. Throws kind `usage`
 * if it is more and nobody can be asked, and kind `interrupted` if the answer is no.
 */
export async function confirmCost(
  { high, requests, unpriced }: QuotedRequests,
  { limit, isConfirmed, isLimited }: { limit: string; isConfirmed: boolean; isLimited: boolean },
  context: Context,
): Promise<void> {
  if (requests === 0 || isConfirmed) return;
  const isDear = high.gt(decimal(limit));
  const { hasKeyboard, stderr } = terminalFacts(context);
  const canAsk = hasKeyboard && stderr.isTerminal;
  // --max-cost bounds a price that is not known.
  if (!isDear && (unpriced.length === 0 || isLimited || !canAsk)) return;
  if (!canAsk)
    throw usageError(
      `${requests === 1 ? 'this request' : 'these requests'} may cost ${moneyText(high)}, more than confirm-above (${moneyText(limit)})`,
      'send them anyway: --yes',
      'allow another amount: orx config set confirm-above 5',
    );
  const cost = isDear ? `may cost ${moneyText(high)}` : `${requests === 1 ? 'has' : 'have'} an unknown price`;
  const reply = await context.terminal.askLine(
    `${countOf(requests, 'request')} ${cost}. Send ${requests === 1 ? 'it' : 'them'}? [y/N] `,
  );
  if (!/^y(es)?$/i.test(reply?.trim() ?? '')) throw new OrxError('nothing was sent', { kind: 'interrupted' });
}
