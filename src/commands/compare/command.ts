import {
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
} from '../../core/settings/groups.ts';
import { Option } from 'commander';
import { joinPrompt } from '../../core/request/prompt.ts';
import { RANK_MEASURES } from '../../core/compare/rank-measures.ts';
import { checkSettings } from '../../core/settings/resolve.ts';
import { usageError } from '../../errors.ts';
import { compareOptions, lanesOf } from './options.ts';
import { explainFailure } from '../explain-failure.ts';
import type { RegisterCommand, Run } from '../register.ts';
import { resolveNames, resolveSettingModels } from '../catalogue/resolve-model.ts';
import { addSettingOptions } from '../setting-options.ts';

export const registerCompare: RegisterCommand = (program, execute) => {
  const command = program
    .command('compare')
    .description('Ask several models the same and see their answers side by side. Standard input comes first, then the words.')
    .argument('[words...]', 'the prompt; - reads standard input however long it takes')
    .option('-m, --model <id>', 'a model to ask; two to eight, once for each or as a comma list', addModel)
    .addOption(
      new Option('-o, --output <format>', 'one after another instead of side by side: text, or json').choices(['text', 'json']),
    )
    .option('--json', 'the same as -o json: one object with all answers and the ranking')
    .addOption(new Option('--rank-by <measure>', 'order of the ranking').choices(RANK_MEASURES).default('cost'))
    .option('-u, --usage', 'a receipt for each answer on standard error')
    .option('-q, --quiet', 'the answers alone: no ranking, no notices')
    .option('--raw', 'the same as --no-markdown');
  addSettingOptions(command, REQUEST_SETTINGS);
  addSettingOptions(command, PARAMETER_SETTINGS, 'Parameters:');
  addSettingOptions(command, ROUTING_SETTINGS, 'Routing:');
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(command, SCREEN_SETTINGS, 'Screen:');
  command.addHelpText(
    'after',
    `
Examples:
  orx compare "Why is the sky blue?" -m deepseek/deepseek-chat -m openai/gpt-4o-mini
  git diff | orx compare "review this" -m a/one,b/two,c/three --rank-by throughput
  orx compare "…" -m a/one -m b/two --json | jq -r '.ranking[0].requested_model'
  orx --sandbox compare "try it without a key" -m deepseek/deepseek-chat -m openai/gpt-4o

A model that fails is a lane with its reason, not the end: exit 0 when at least one answered, else the code of the first
failure; 9 with --strict-model when another model answered in any lane; 130 when stopped.`,
  );
  command.action(execute(runCompare));
};

function addModel(model: string, models: readonly string[] = []): readonly string[] {
  return [...models, model];
}

const runCompare: Run = async (input, context) => {
  const { values: settings } = context.stores.resolveSettings(input.flags);
  checkSettings(settings, [
    ...REQUEST_SETTINGS,
    ...PARAMETER_SETTINGS,
    ...ROUTING_SETTINGS,
    ...LEDGER_SETTINGS,
    ...SCREEN_SETTINGS,
  ]);
  const options = compareOptions(input.options, settings, context);
  const prompt = joinPrompt(await context.terminal.readStdin({ words: input.words, isQuiet: options.isQuiet }), input.words);
  if (prompt === undefined)
    throw usageError('there is no prompt', 'give it as words, orx compare "…" -m …, or pipe it in, cat file | orx compare -m …');
  const models = await resolveNames(options.models, settings, context, options);
  const asked = await resolveSettingModels(settings, context, options, ['fallback']);
  const { runComparison } = await import('./run.ts');
  await runComparison(prompt, asked, lanesOf(options, models), context).catch(async (error: unknown) => {
    throw await explainFailure(error, models, settings, context);
  });
  return 0;
};
