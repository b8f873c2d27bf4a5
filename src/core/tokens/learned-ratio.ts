import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { ratioBounds } from './token-margin.ts';

/** What the ledger has learned about a family's tokenizer, within what a tokenizer of that family can do. */
export function learnedRatio(ledger: Pick<Ledger, 'calibration'>, family: string): Calibration | undefined {
  return ledger.calibration(family, ratioBounds(family));
}

/** Expected tokens of a request whose message text was counted as `text`, and everything else in it as `extra`. */
export function expectedTokens({ text, extra }: { text: number; extra: number }, learned: Calibration | undefined): number {
  return Math.ceil(text * (learned?.ratio ?? 1)) + (learned?.overhead ?? 0) + extra;
}
