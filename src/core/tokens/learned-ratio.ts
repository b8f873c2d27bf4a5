import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Calibration } from '../../storage/ledger/reports/report.ts';
import { ratioBounds } from './token-margin.ts';

/** Returns what the ledger has learned about a family's tokenizer, within the possible range of that family. */
export function learnedRatio(ledger: Pick<Ledger, 'calibration'>, family: string): Calibration | undefined {
  return ledger.calibration(family, ratioBounds(family));
}

/** Returns the expected tokens of a request; `text` is orx's count of the message text and `extra` that of everything else. */
export function expectedTokens({ text, extra }: { text: number; extra: number }, learned: Calibration | undefined): number {
  return Math.ceil(text * (learned?.ratio ?? 1)) + (learned?.overhead ?? 0) + extra;
}
