import { usageError } from '../../errors.ts';
import type { LedgerEntry } from '../../storage/ledger/entry.ts';
import { recordEntry } from './record.ts';

/** Yields the entries of lines that `orx ledger export` has written. Throws a usage error that names the line. */
export function* readRecords(lines: Iterable<string>): Generator<LedgerEntry> {
  let number = 0;
  for (const line of lines) {
    number += 1;
    if (line.trim() !== '') yield recordEntry(parsed(line, number), `line ${number}`);
  }
}

function parsed(line: string, number: number): unknown {
  try {
    return JSON.parse(line);
  } catch {
    throw usageError(`line ${number} is not JSON`, 'import a file written by: orx ledger export');
  }
}
