import type { InputRow, RowFault } from '../../core/text-rows/row.ts';
import { OrxError } from '../../errors.ts';
import { type WaitEvent, waitLine } from '../../output/chat/retry.ts';
import { labeledLine, withoutKeys } from '../../output/text/error.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Context } from '../context.ts';
import type { TextRowOptions } from './options.ts';

const MOST_REPORTS = 10;

/** Prints on standard error what could not be read or has no result, while other rows are sent. */
export class RowReports {
  /** What could not be read. */
  readonly faults: RowFault[] = [];
  /** The parts that have no result. */
  readonly failed: { rows: readonly InputRow[]; error: unknown }[] = [];
  readonly #options: Pick<TextRowOptions, 'isQuiet' | 'showsReceipt'>;
  readonly #context: Context;
  readonly #dropped = new Set<string>();

  constructor(options: Pick<TextRowOptions, 'isQuiet' | 'showsReceipt'>, context: Context) {
    this.#options = options;
    this.#context = context;
  }

  warn(text: string): void {
    const { streams, themeOf, secrets } = this.#context.terminal;
    const line = withoutKeys(labeledLine('warning', text), secrets);
    styled(streams.stderr).write(`${themeOf(streams.stderr).paint(['warning'], line)}\n`);
  }

  noteFault(fault: RowFault): void {
    this.faults.push(fault);
    if (this.faults.length <= MOST_REPORTS) this.warn(`${fault.place}: ${fault.reason}`);
    else if (this.faults.length === MOST_REPORTS + 1) this.warn('further rows that cannot be read are only counted');
  }

  /** Prints what has no result. A single failure is not printed if nothing has one: the error that the command ends with names it. */
  printFailures(hasResults: boolean): void {
    const failed = this.failed.filter(({ error }) => !(error instanceof OrxError && error.kind === 'interrupted'));
    if (failed.length === 1 && !hasResults) return;
    for (const { rows, error } of failed.slice(0, MOST_REPORTS)) {
      const places = rows.length === 1 ? rows[0]!.place : `${rows[0]!.place} to ${rows.at(-1)!.place}`;
      this.warn(`no result for ${places}: ${error instanceof OrxError ? error.what : String(error)}`);
    }
    const more = failed.length - MOST_REPORTS;
    if (more > 0) this.warn(`no result for ${more} further ${more === 1 ? 'request' : 'requests'}`);
  }

  printWait(wait: WaitEvent): void {
    if (this.#options.showsReceipt) this.#context.terminal.streams.stderr.write(`${waitLine(wait)}\n`);
  }

  /** Names each parameter that a vendor does not accept once. */
  printDropped(texts: readonly string[]): void {
    for (const text of texts) {
      if (this.#dropped.has(text)) continue;
      this.#dropped.add(text);
      if (!this.#options.isQuiet) this.warn(`not sent: ${text}`);
    }
  }
}
