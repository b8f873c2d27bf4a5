import { countOf } from '../../output/text/count-of.ts';
import { parseStart } from '../../core/time/parse-time.ts';
import { runsJson, runsTable } from '../../output/matrix/runs.ts';
import type { Context } from '../context.ts';
import { showJson, showTable } from '../show-table.ts';
import type { StoredRunsOptions } from './options.ts';

/** Lists the stored runs, or removes some. */
export async function runStoredRuns(options: StoredRunsOptions, context: Context): Promise<number> {
  const { settings, removed, format, isQuiet, now } = options;
  const runs = await context.stores.for(settings).openMatrixRuns();
  if (removed !== undefined) {
    const [age] = removed;
    const ids = removed.length === 1 && AGE.test(age!) ? olderThan(parseStart('--remove-runs', age!, now)) : removed;
    for (const id of ids) runs.remove(id);
    if (!isQuiet) context.terminal.streams.stderr.write(`removed ${countOf(ids.length, 'run')}\n`);
    return 0;
  }
  const list = runs.list();
  if (format === 'json') {
    await showJson(context, [], list.map(runsJson));
    return 0;
  }
  const notes = list.length === 0 ? [{ text: 'no stored runs; start one: orx compare --prompts FILE -m MODEL,MODEL' }] : [];
  await showTable(context, { isSandbox: settings.sandbox, notes, table: () => runsTable(list, now) });
  return 0;

  function olderThan(start = Number.POSITIVE_INFINITY): readonly string[] {
    return runs
      .list()
      .filter(({ lastAt, isActive }) => lastAt < start && !isActive)
      .map(({ run }) => run.id);
  }
}

const AGE = /^(\d+[hdwmy]|all)$/;
