import type { LiveTable } from '../../core/models/live/state.ts';
import { catalogueNote } from '../../output/models/catalogue-note.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { write } from '../../output/text/write-stream.ts';
import type { Table } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';
import type { Context } from '../context.ts';
import type { CommandInput } from '../setting-options.ts';
import { showTable } from '../show-table.ts';

/** Exit code of a choice that was not made: as for what is stopped. */
const NOTHING_PICKED = 130;

export interface LiveEnd {
  table: LiveTable;
  input: CommandInput;
  ageMs: number;
  /** The printed table of these models, as the live one was. */
  tableOf: (models: readonly Model[], table: LiveTable) => Table;
}

/** Does on the normal screen what the live table was left for, and resolves to the exit code. */
export async function endLiveModels(end: LiveEnd, context: Context): Promise<number> {
  const { table, input } = end;
  const { outcome } = table;
  const { stdout } = context.terminal.streams;
  switch (outcome?.type) {
    case 'chat':
      if (table.isPick) {
        await write(stdout, `${visibleLine(outcome.model.id)}\n`);
        return 0;
      }
      return chatWith(outcome.model, input, context);
    case 'price': {
      const { runPrice } = await import('../price/command.ts');
      return runPrice({ words: [outcome.model.id], options: { format: 'table' }, flags: input.flags }, context);
    }
    case 'compare':
      return compareThem(outcome.models, input, context);
    case 'leave':
      if (table.isPick) return NOTHING_PICKED;
      await showRows(end, context);
      return 0;
    default:
      // Ctrl-C, when no signal came before it.
      if (!context.lifetime.interrupt.aborted) context.lifetime.pressCtrlC();
      context.lifetime.interrupt.throwIfAborted();
      return NOTHING_PICKED;
  }
}

async function chatWith({ id }: Model, { flags }: CommandInput, context: Context): Promise<number> {
  keepKeyboard(context);
  const { runChat } = await import('../chat/command.ts');
  return runChat({ words: [], options: { output: 'text' }, flags: { ...flags, model: id } }, context);
}

async function compareThem(ids: readonly string[], { flags }: CommandInput, context: Context): Promise<number> {
  context.terminal.streams.stderr.write(`${ids.map(visibleLine).join(' · ')}\n`);
  keepKeyboard(context);
  const prompt = await context.terminal.askLine('› ');
  if (prompt === undefined || prompt.trim() === '') return 0;
  const [{ runComparison }, { compareOptions }] = await Promise.all([
    import('../compare/run.ts'),
    import('../compare/options.ts'),
  ]);
  const { values: settings } = context.stores.resolveSettings(flags);
  await runComparison(prompt, settings, compareOptions({ model: ids }, settings, context), context);
  return 0;
}

/** Ink lets go of the keyboard so that reading from it keeps no program running: whoever asks next would get no answer. */
function keepKeyboard({ terminal: { streams } }: Context): void {
  streams.stdin.ref();
}

/** The rows that were in view: the rest is a command away. */
async function showRows({ table, ageMs, tableOf }: LiveEnd, context: Context): Promise<void> {
  const { rows, top, height, models } = table;
  const inView = rows.slice(top, top + height);
  const count = catalogueNote(rows.length, models.length, ageMs);
  const notes = [{ text: inView.length === rows.length ? count : `${count}; the ${inView.length} in view` }];
  await showTable(context, { notes, table: () => tableOf(inView, table) });
}
