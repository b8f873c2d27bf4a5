import type { ChatSettings } from '../../core/settings/groups.ts';
import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { CommandInput } from '../register.ts';
import type { Context } from '../context.ts';
import { runComparison } from '../compare/comparison.ts';
import { printQuote, quoteComparison } from '../compare/quote.ts';
import { confirmCost } from '../matrix/confirm.ts';
import { explainFailure } from '../catalogue/explain-failure.ts';
import { type BoardOptions, parseBoard } from '../judge/board-options.ts';
import type { CompareExtras } from '../judge/extras.ts';
import { isMatrix, type MatrixOptions, parseMatrix, type StoredRunsOptions } from '../matrix/options.ts';
import { type AllCompareFlags, type CompareCommandOptions, parseCompare } from './options.ts';
import { prepareLanes } from './prepare-lanes.ts';

type AnyCompareOptions = CompareCommandOptions | BoardOptions | MatrixOptions | StoredRunsOptions;

/** `orx compare`: a comparison, the prompts of a file, or the ratings of earlier comparisons. */
export const compareCommand = {
  parse: (input: CommandInput<AllCompareFlags>): AnyCompareOptions =>
    isMatrix(input.options) ? parseMatrix(input) : (parseBoard(input) ?? parseCompare(input)),
  async run(options: AnyCompareOptions, context: Context): Promise<number> {
    if ('kind' in options) return (await import('../matrix/run.ts')).runMatrix(options, context);
    if ('comparison' in options) return runCompare(options, context);
    return (await import('../judge/board.ts')).runBoard(options, context);
  },
};

async function runCompare(options: CompareCommandOptions, context: Context): Promise<number> {
  const { flags, comparison } = options;
  const { plans, settings, template } = await prepareLanes({ ...options, isQuiet: comparison.isQuiet }, context);
  if (options.isDryRun) return (await import('./show-requests.ts')).showRequests(plans, settings, comparison.format, context);
  const conversation = context.stores.newId();
  const models = [...new Set(plans.map(({ model }) => model))];
  const extras = await openExtras(options, plans, settings, context, conversation);
  const quote = await quoteComparison(plans, settings, context);
  if (!comparison.isQuiet) printQuote(quote, context);
  // A price that is not known is no reason to ask: a comparison sends few requests.
  const known = { ...quote, unpriced: [], stored: 0, smallestDifference: undefined };
  const confirmation = { limit: settings['confirm-above'], isConfirmed: options.isConfirmed, isLimited: false };
  await confirmCost(known, confirmation, context);
  const { state, isAttended } = await runComparison(plans, settings, comparison, context, {
    conversation,
    template,
    prices: quote.prices,
    ...extras.part,
  }).catch(async (error: unknown) => {
    throw await explainFailure(error, models, settings, context);
  });
  const qualities = await extras.finish(state);
  if (!comparison.isLive || comparison.isQuiet) return 0;
  const { offerToContinue, tellHowToContinue } = await import('./continue.ts');
  // A script on a terminal must not wait for a key that nobody presses.
  if (!isAttended) return tellHowToContinue(state, settings, context);
  return offerToContinue({ state, plans, rankBy: comparison.rankBy, qualities, settings, flags, conversation }, context);
}

const NO_EXTRAS: CompareExtras = { part: {}, finish: async () => undefined };

async function openExtras(
  { judge, isVote, comparison }: CompareCommandOptions,
  plans: readonly LanePlan[],
  settings: ChatSettings,
  context: Context,
  conversation: string,
): Promise<CompareExtras> {
  if (judge === undefined && !isVote) return NO_EXTRAS;
  const extras = await import('../judge/extras.ts');
  return extras.openExtras({ judge, isVote, comparison }, plans, settings, context, conversation);
}
