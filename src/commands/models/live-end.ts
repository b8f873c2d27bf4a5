import type { LiveTable } from '../../core/models/live/state.ts';
import { catalogueNote } from '../../output/models/catalogue-note.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Table } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import { terminalFacts } from '../is-drawable.ts';
import type { ModelsOptions } from './options.ts';
import { showTable } from '../show-table.ts';

/** The exit code when no model is picked: the same as for an interrupt. */
const NOTHING_PICKED = 130;

export interface LiveEnd {
  table: LiveTable;
  options: ModelsOptions;
  ageMs: number;
  /** Returns the printed table of these models, with the columns of the live one. */
  tableOf: (models: readonly Model[], table: LiveTable) => Table;
}

/** Runs the user's choice in the live table on the normal screen. Resolves to the exit code. */
export async function endLiveModels(end: LiveEnd, context: Context): Promise<number> {
  const { table, options } = end;
  const { outcome } = table;
  const { stdout } = context.terminal.streams;
  switch (outcome?.type) {
    case 'chat':
      if (table.isPick) {
        await write(stdout, `${visibleLine(outcome.model.id)}\n`);
        return 0;
      }
      return chatWith(outcome.model, options, context);
    case 'compare':
      return compareThem(outcome.models, options, context);
    case 'leave':
      if (table.isPick) return NOTHING_PICKED;
      await showRows(end, context);
      return 0;
    default:
      // Ctrl-C as a key, without a signal before it.
      if (!context.lifetime.interrupt.aborted) context.lifetime.pressCtrlC();
      context.lifetime.interrupt.throwIfAborted();
      return NOTHING_PICKED;
  }
}

async function chatWith({ id }: Model, { flags, settings }: ModelsOptions, context: Context): Promise<number> {
  keepKeyboard(context);
  const [{ runChat }, { conversationOptions }] = await Promise.all([import('../chat/run.ts'), import('../chat/options.ts')]);
  return runChat(conversationOptions({ ...flags, model: id }, settings, terminalFacts(context)), context);
}

async function compareThem(names: readonly string[], { settings, flags }: ModelsOptions, context: Context): Promise<number> {
  context.terminal.streams.stderr.write(`${names.map(visibleLine).join(' · ')}\n`);
  keepKeyboard(context);
  const prompt = await context.terminal.askLine('› ');
  if (prompt === undefined || prompt.trim() === '') return 0;
  const [{ runComparison }, { compareOptions }, { modelPlans, modelsToCompare }, { offerToContinue }] = await Promise.all([
    import('../compare/comparison.ts'),
    import('../compare/options.ts'),
    import('../compare/lane-plans.ts'),
    import('../compare-command/continue.ts'),
  ]);
  const conversation = context.stores.newId();
  const plans = modelPlans(modelsToCompare(names), prompt, settings);
  const options = compareOptions({}, settings, terminalFacts(context));
  const { state } = await runComparison(plans, settings, options, context, { conversation });
  return offerToContinue({ state, plans, rankBy: options.rankBy, settings, flags, conversation }, context);
}

/**
 * Refs standard input again: Ink unrefs it, so that reading it does not keep a program running. The next prompt would get no
 * answer.
 */
function keepKeyboard({ terminal }: Context): void {
  terminal.streams.stdin.ref();
}

/** Prints the rows that were in view; a command lists the rest. */
async function showRows({ table, options, ageMs, tableOf }: LiveEnd, context: Context): Promise<void> {
  const { rows, top, height, models } = table;
  const inView = rows.slice(top, top + height);
  const count = catalogueNote(rows.length, models.length, ageMs);
  const notes = [{ text: inView.length === rows.length ? count : `${count}; the ${inView.length} in view` }];
  await showTable(context, { isSandbox: options.settings.sandbox, notes, table: () => tableOf(inView, table) });
}
