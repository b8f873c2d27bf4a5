import type { Context } from '../context.ts';
import { runComparison } from '../compare/comparison.ts';
import { explainFailure } from '../explain-failure.ts';
import { type CompareCommandOptions, parseCompare } from './options.ts';
import { prepareLanes } from './prepare-lanes.ts';

/** `orx compare` */
export const compareCommand = { parse: parseCompare, run: runCompare };

async function runCompare(options: CompareCommandOptions, context: Context): Promise<number> {
  const { flags, comparison } = options;
  const { plans, settings, template } = await prepareLanes({ ...options, isQuiet: comparison.isQuiet }, context);
  if (options.isDryRun) return (await import('./show-requests.ts')).showRequests(plans, settings, comparison.format, context);
  const conversation = context.stores.newId();
  const models = [...new Set(plans.map(({ model }) => model))];
  const state = await runComparison(plans, settings, comparison, context, { conversation, template }).catch(
    async (error: unknown) => {
      throw await explainFailure(error, models, settings, context);
    },
  );
  if (!comparison.isLive || comparison.isQuiet) return 0;
  const { offerToContinue } = await import('./continue.ts');
  return offerToContinue({ state, plans, rankBy: comparison.rankBy, settings, flags, conversation }, context);
}
