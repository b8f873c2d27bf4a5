import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { catalogueNote } from '../../output/models/catalogue-note.ts';
import { markdownTable } from '../../output/table/markdown.ts';
import { modelsCsv, modelsTable, type ModelsTableOptions } from '../../output/models/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import { findVendor } from '../../apis/vendors.ts';
import { vendorOf } from '../../core/model-id/direct-name.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Context } from '../context.ts';
import type { MarketModels } from '../catalogue/market-models.ts';
import { keepList } from './kept-list.ts';
import type { ModelsOptions } from './options.ts';
import { printNotes } from '../print-notes.ts';
import { showJson, showTable } from '../show-table.ts';

/**
 * Writes the list in the requested format. Prints the count and the age of the data above a table, and warnings above everything.
 */
export async function showModels(market: MarketModels, options: ModelsOptions, context: Context): Promise<void> {
  const { models, facts, reading, notes: warnings } = market;
  const { stdout } = context.terminal.streams;
  const shown: ModelsTableOptions = {
    ...options,
    added: [...options.orderedBy, ...(options.policy === undefined ? [] : ['zdr' as const])],
    facts,
  };
  const count = catalogueNote(
    models.length,
    reading.catalogue.models.length,
    reading.ageMs,
    sourceName(reading.catalogue.models, options.settings),
  );
  const isSandbox = options.settings.sandbox;
  const notes = [{ text: count }, ...warnings];
  switch (options.format) {
    case 'json':
      return showJson(
        context,
        warnings,
        models.map(({ wire }) => wire),
      );
    case 'table':
      return showTable(context, {
        isSandbox,
        notes,
        table: (forTerminal) => modelsTable(models, { ...shown, short: forTerminal }),
        // Warnings say that the list is not that of a fresh copy.
        onPiped: (text) => void (warnings.length === 0 && keepList(text, market, options, context)),
      });
    case 'markdown':
      printNotes(context, notes, isSandbox);
      return write(stdout, markdownTable(modelsTable(models, shown)));
    case 'csv':
      printNotes(context, warnings);
      return write(stdout, await modelsCsv(models, shown));
    case 'ids':
      printNotes(context, warnings);
      return write(stdout, models.map(({ id }) => `${visibleLine(id)}\n`).join(''));
  }
}

/** Returns a short name of the models' source. */
function sourceName(models: readonly Model[], settings: ConnectionSettings): string {
  if (settings.sandbox) return 'the sandbox';
  const vendors = new Set(models.map(({ id }) => vendorOf(id)));
  const names = [...vendors].map((name) =>
    name === undefined ? new URL(settings['base-url']).host : (findVendor(name)?.label ?? name),
  );
  return names.length === 0 ? new URL(settings['base-url']).host : names.join(', ');
}
