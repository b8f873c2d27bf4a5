import { preparePrompt } from '../prompt/prepare.ts';
import { usageError } from '../../errors.ts';
import { resolveNames, resolveSettingModels } from '../catalogue/resolve-model.ts';
import type { Context } from '../context.ts';
import { explainFailure } from '../explain-failure.ts';
import { runComparison } from '../compare/comparison.ts';
import { type CompareCommandOptions, lanesOf, parseCompare } from '../compare/options.ts';

/** `orx compare` */
export const compareCommand = { parse: parseCompare, run: runCompare };

async function runCompare({ settings, words, flags, comparison }: CompareCommandOptions, context: Context): Promise<number> {
  const { content } = await preparePrompt({ words, flags, prompt: {} }, [], comparison.isQuiet, context);
  if (content === undefined) throw usageError('no prompt given', 'add a prompt: orx compare "PROMPT" -m MODEL,MODEL');
  const models = await resolveNames(comparison.models, settings, context, comparison);
  const asked = await resolveSettingModels(settings, context, comparison, ['fallback']);
  const conversation = context.stores.newId();
  const lanes = lanesOf(comparison, models);
  const state = await runComparison(content, asked, lanes, context, { conversation }).catch(async (error: unknown) => {
    throw await explainFailure(error, models, settings, context);
  });
  if (!lanes.isLive || lanes.isQuiet) return 0;
  const { offerToContinue } = await import('./continue.ts');
  return offerToContinue({ state, rankBy: lanes.rankBy, content, settings: asked, flags, conversation }, context);
}
