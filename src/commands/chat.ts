import { Option } from 'commander';
import { joinPrompt } from '../core/prompt.ts';
import { checkSettings } from '../core/resolve-settings.ts';
import { OUTPUT_FORMATS } from '../core/settings.ts';
import { requireTerminal, runConversation } from './chat-conversation.ts';
import { chatOptions } from './chat-options.ts';
import { openChat, runTurn } from './chat-turn.ts';
import { fitContext } from './fit-context.ts';
import { withNearestModels } from './nearest-models.ts';
import { openTranscript } from './open-transcript.ts';
import type { RegisterCommand, Run } from './register.ts';
import { resolveSettingModels } from './resolve-model.ts';
import { addSettingOptions, HISTORY_SETTINGS, LEDGER_SETTINGS, REQUEST_SETTINGS, ROUTING_SETTINGS } from './setting-options.ts';
import { addTranscriptOptions, transcriptChoice, transcriptFlags } from './transcript-options.ts';

export const registerChat: RegisterCommand = (program, execute) => {
  const command = program
    .command('chat')
    .description('Ask a model. Standard input comes first, then the words; without either, a conversation opens.')
    .argument('[words...]', 'the prompt; - reads standard input however long it takes')
    .addOption(new Option('-o, --output <format>', 'how the answer is written').choices(OUTPUT_FORMATS).default('text'))
    .option('--json', 'the same as -o json: one object with the answer, its usage, cost and times')
    .option('-u, --usage', 'the receipt also when standard error is not a terminal')
    .option('-q, --quiet', 'the answer alone: no receipt, no notices')
    .option('-R, --no-reasoning', 'do not show the reasoning on the terminal');
  addSettingOptions(command, ['model']);
  addSettingOptions(command, REQUEST_SETTINGS);
  addSettingOptions(command, ROUTING_SETTINGS, 'Routing:');
  addTranscriptOptions(command);
  addSettingOptions(command, HISTORY_SETTINGS, 'Conversation:');
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  command.addHelpText(
    'after',
    `
Examples:
  orx chat -m deepseek/deepseek-chat "Why is the sky blue?"
  cat error.log | orx chat "what broke?"
  orx chat -c "and how do I mend it?"
  orx chat --json --data-policy strict "…" | jq -r .cost
  orx --sandbox chat "try it without a key"`,
  );
  command.action(execute(runChat));
};

const runChat: Run = async (input, context) => {
  const resolved = context.resolveSettings(transcriptFlags(input.flags, input.options));
  checkSettings(resolved.values, ['model', ...REQUEST_SETTINGS, ...ROUTING_SETTINGS, ...LEDGER_SETTINGS, ...HISTORY_SETTINGS]);
  const options = chatOptions(input.options, context);
  const choice = transcriptChoice(input.options);
  const prompt = joinPrompt(await context.readStdin({ words: input.words, isQuiet: options.isQuiet }), input.words);
  const isConversation = prompt === undefined;
  if (isConversation) requireTerminal(options, context);
  const { transcript, settings: given } = await openTranscript(resolved, choice, context, { isConversation });
  const settings = await resolveSettingModels(given, context, options);
  transcript.useModel(settings.model);
  const fit = { dropsOldest: input.options['dropOldest'] === true, isQuiet: options.isQuiet };
  if (isConversation) return runConversation({ transcript, settings }, options, context, fit);
  transcript.add({ role: 'user', content: prompt });
  await fitContext(transcript, settings, fit, context);
  const chat = await openChat('chat', settings, context, transcript);
  const { error } = await runTurn(transcript.messages(), chat, options, context, context.interrupt);
  if (error !== undefined)
    throw await withNearestModels(error, [settings.model, ...(settings.fallback ?? [])], settings, context);
  return 0;
};
