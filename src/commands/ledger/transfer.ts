import { entryRecord, type LedgerRecord, RECORD_FIELDS } from '../../core/ledger/record.ts';
import { csvLines } from '../../output/text/csv.ts';
import { jsonLine } from '../../output/text/json.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import { type ExportOptions, type ImportOptions, parseExport, parseImport } from './options.ts';

/** The number of entries per write: one write per entry would take longer than reading them. */
const BATCH = 500;

/** `orx ledger export`: streams, so that neither the writer nor the reader holds the whole ledger in memory. */
export const exportLedger = { parse: parseExport, run: runExport };

async function runExport({ settings, isCsv, since, until }: ExportOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger({ isThorough: true });
  const { stdout } = context.terminal.streams;
  if (isCsv) await write(stdout, await csvLines([RECORD_FIELDS]));
  let records: LedgerRecord[] = [];
  const flush = async (): Promise<void> => {
    context.lifetime.interrupt.throwIfAborted();
    const lines = isCsv ? await csvLines(records.map((record) => Object.values(record))) : records.map(jsonLine).join('');
    await write(stdout, lines);
    records = [];
  };
  for (const entry of ledger.entries({ since, until })) {
    records.push(entryRecord(entry));
    if (records.length === BATCH) await flush();
  }
  await flush();
  return ledger.isIncomplete ? 1 : 0;
}

/** `orx ledger import`: imports the whole file, or nothing if one of its lines is invalid. */
export const importLedger = { parse: parseImport, run: runImport };

async function runImport({ settings, path }: ImportOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger();
  const { added, known } = ledger.import(await context.files.readLedgerFile(path));
  await write(context.terminal.streams.stderr, `${added} added, ${known} known already\n`);
  return 0;
}
