import {
  HISTORY_SETTINGS,
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
  TOOL_SETTINGS,
} from '../../core/settings/groups.ts';
import { Option } from 'commander';
import { OUTPUT_FORMATS } from '../../core/settings/settings.ts';
import { usageError } from '../../errors.ts';
import { requireTerminal } from '../session/require-terminal.ts';
import { chatOptions } from '../turn/options.ts';
import { runTurn } from '../turn/run.ts';
import { openChat } from '../turn/open.ts';
import { fitContext } from '../turn/fit-context.ts';
import { explainFailure } from '../explain-failure.ts';
import { finishAnswer } from '../turn/finish-answer.ts';
import { openTranscript } from '../turn/open-transcript.ts';
import { orInterrupted } from '../or-interrupted.ts';
import { prepareChat } from '../turn/prepare.ts';
import { addPromptOptions, addWireOption, type PromptOptions } from '../prompt/options.ts';
import type { RegisterCommand, Run } from '../register.ts';
import { resolveSettingModels } from '../catalogue/resolve-model.ts';
import { addSettingOptions } from '../setting-options.ts';
import { showRequest } from '../turn/show-request.ts';
import { addToolOptions, TOOL_GROUP, toolOptions } from '../tools/options.ts';
import { addTranscriptOptions, transcriptChoice, transcriptFlags } from '../turn/transcript-options.ts';

export const registerChat: RegisterCommand = (program, execute) => {
  const command = program
    .command('chat')
    .description('Ask a model. Standard input comes first, then the words; without either, a conversation opens.')
    .argument('[words...]', 'the prompt; - reads standard input however long it takes')
    .addOption(new Option('-o, --output <format>', 'how the answer is written').choices(OUTPUT_FORMATS).default('text'))
    .option('--json', 'the same as -o json: one object with the answer, its usage, cost and times')
    .option('-u, --usage', 'the receipt also when standard error is not a terminal')
    .option('-q, --quiet', 'the answer alone: no receipt, no notices')
    .option('--raw', 'the same as --no-markdown')
    .option('-R, --no-reasoning', 'do not show the reasoning on the terminal');
  addSettingOptions(command, ['model']);
  addSettingOptions(command, REQUEST_SETTINGS);
  addPromptOptions(command);
  addSettingOptions(command, PARAMETER_SETTINGS, 'Parameters:');
  addWireOption(command);
  addSettingOptions(command, ROUTING_SETTINGS, 'Routing:');
  addTranscriptOptions(command);
  addSettingOptions(command, HISTORY_SETTINGS, 'Conversation:');
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(command, SCREEN_SETTINGS, 'Screen:');
  addToolOptions(command);
  addSettingOptions(command, TOOL_SETTINGS, TOOL_GROUP);
  command.addHelpText(
    'after',
    `
Examples:
  orx chat -m deepseek/deepseek-chat "Why is the sky blue?"
  cat error.log | orx chat "what broke?"
  orx chat -f "src/**/*.ts" -a screen.png "why does this look wrong?"
  orx chat --schema "name, year int" "the first moon landing" | jq .year
  orx chat -c "and how do I mend it?"
  orx chat --json --data-policy strict "…" | jq -r .cost
  orx --sandbox chat "try it without a key"`,
  );
  command.action(execute(runChat));
};

const SETTINGS = [
  'model',
  ...REQUEST_SETTINGS,
  ...PARAMETER_SETTINGS,
  ...ROUTING_SETTINGS,
  ...LEDGER_SETTINGS,
  ...HISTORY_SETTINGS,
  ...SCREEN_SETTINGS,
  ...TOOL_SETTINGS,
] as const;

export const runChat: Run = async (input, context) => {
  const shown = chatOptions(input.options, context.stores.resolveSettings(input.flags).values, context);
  // Read while databases are opened.
  if (shown.isLive) context.lifetime.meanwhile(async () => void (await import('../../ui/chat/answer-app.tsx')));
  // A dry run leaves nothing behind, and so no copy.
  const { forks, ...chosen } = transcriptChoice(input.options);
  const choice = { ...chosen, forks: forks && input.options['dryRun'] !== true };
  const flags = transcriptFlags(input.flags, input.options);
  const prepared = await prepareChat({ ...input, flags }, SETTINGS, shown.isQuiet, context);
  const { content, template, resolved } = prepared;
  const asked = input.options as PromptOptions;
  const finish = finishAnswer(prepared, asked, shown.format, shown.isQuiet, context);
  const isConversation = content === undefined;
  if (isConversation && (asked.dryRun === true || shown.isSilent)) {
    throw usageError('there is no prompt', '--dry-run and -x are for one question: give it as words, or pipe it in');
  }
  if (isConversation) requireTerminal(shown, context);
  // Nothing has been asked yet: Ctrl-C waits for no database, catalogue or server.
  const started = <T>(work: Promise<T>): Promise<T> => orInterrupted(work, context.lifetime.interrupt);
  const { transcript, settings: given } = await started(openTranscript(resolved, choice, context, { isConversation }));
  const settings = await started(resolveSettingModels(given, context, shown));
  const toolFlags = toolOptions(input.options);
  const openTools = toolFlags && (await import('../tools/open.ts')).openTools;
  const tools = openTools && (await started(openTools(toolFlags, settings, context, shown)));
  const options = { ...shown, tools, isFinalOnly: prepared.checkAnswer !== undefined };
  const overrides = tools === undefined ? prepared.overrides : { ...prepared.overrides, tools: tools.requestTools };
  transcript.useModel(settings.model);
  const fit = { dropsOldest: input.options['dropOldest'] === true, isQuiet: options.isQuiet };
  const extras = { overrides, template, finish };
  if (isConversation) {
    const { runSession } = await import('../session/start.ts');
    return runSession({ transcript, settings }, options, context, { ...fit, ...extras, toolOptions: toolFlags });
  }
  const turn = transcript.begin({ role: 'user', content });
  await fitContext(transcript, settings, fit, context);
  if (asked.dryRun === true) {
    return showRequest(turn.request(settings, overrides), settings, options.format, context);
  }
  const chat = await openChat('chat', settings, context, { ...extras, transcript });
  const { error } = await runTurn(turn, chat, options, context, context.lifetime.interrupt);
  if (error !== undefined) throw await explainFailure(error, [settings.model, ...(settings.fallback ?? [])], settings, context);
  return 0;
};
