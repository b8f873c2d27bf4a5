import type { Context } from '../context.ts';
import { parseUsage, type UsageOptions } from './options.ts';
import type { UsageWork } from './report.ts';

/** `orx usage` */
export const usage = { parse: parseUsage, run: runUsage };

async function runUsage(given: UsageOptions, context: Context): Promise<number> {
  const { settings, filter } = given;
  const project = filter.project === undefined ? undefined : context.files.projectFolder(filter.project);
  const ledger = await context.stores.for(settings).openLedger({ isThorough: 'if-small' });
  const code = await reportOf({ ...given, filter: { ...filter, project } }, { settings, ledger, context });
  return code === 0 && ledger.isIncomplete ? 1 : code;
}

async function reportOf(options: UsageOptions, work: UsageWork): Promise<number> {
  if (options.advise) return (await import('./advise.ts')).runAdvise(options, work);
  if (options.whatIf !== undefined) return (await import('./what-if.ts')).runWhatIf(options, work);
  return (await import('./report.ts')).runUsageReport(options, work);
}
