import { joinPrompt } from '../../core/request/prompt.ts';
import { usageError } from '../../errors.ts';
import { resolveNames, resolveSettingModels } from '../catalogue/resolve-model.ts';
import type { Context } from '../context.ts';
import { explainFailure } from '../explain-failure.ts';
import { runComparison } from './comparison.ts';
import { type CompareCommandOptions, lanesOf, parseCompare } from './options.ts';

/** `orx compare` */
export const compare = { parse: parseCompare, run: runCompare };

async function runCompare({ settings, words, comparison }: CompareCommandOptions, context: Context): Promise<number> {
  const prompt = joinPrompt(await context.terminal.readStdin({ words, isQuiet: comparison.isQuiet }), words);
  if (prompt === undefined)
    throw usageError('there is no prompt', 'give it as words, orx compare "…" -m …, or pipe it in, cat file | orx compare -m …');
  const models = await resolveNames(comparison.models, settings, context, comparison);
  const asked = await resolveSettingModels(settings, context, comparison, ['fallback']);
  await runComparison(prompt, asked, lanesOf(comparison, models), context).catch(async (error: unknown) => {
    throw await explainFailure(error, models, settings, context);
  });
  return 0;
}
