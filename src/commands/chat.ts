import { Option } from 'commander';
import { joinPrompt } from '../core/prompt.ts';
import { checkSettings } from '../core/resolve-settings.ts';
import { OUTPUT_FORMATS } from '../core/settings.ts';
import { runConversation } from './chat-conversation.ts';
import { chatOptions } from './chat-options.ts';
import { openChat, runTurn } from './chat-turn.ts';
import { withNearestModels } from './nearest-models.ts';
import type { RegisterCommand, Run } from './register.ts';
import { resolveSettingModels } from './resolve-model.ts';
import { addToolOptions, TOOL_GROUP, TOOL_SETTINGS, toolOptions } from './tool-options.ts';
import { addSettingOptions, LEDGER_SETTINGS, REQUEST_SETTINGS, ROUTING_SETTINGS } from './setting-options.ts';

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
  addSettingOptions(command, LEDGER_SETTINGS, 'Ledger:');
  addToolOptions(command);
  addSettingOptions(command, TOOL_SETTINGS, TOOL_GROUP);
  command.addHelpText(
    'after',
    `
Examples:
  orx chat -m deepseek/deepseek-chat "Why is the sky blue?"
  cat error.log | orx chat "what broke?"
  orx chat --json --data-policy strict "…" | jq -r .cost
  orx --sandbox chat "try it without a key"`,
  );
  command.action(execute(runChat));
};

const runChat: Run = async (input, context) => {
  const { values: given } = context.resolveSettings(input.flags);
  checkSettings(given, ['model', ...REQUEST_SETTINGS, ...ROUTING_SETTINGS, ...LEDGER_SETTINGS, ...TOOL_SETTINGS]);
  const flags = toolOptions(input.options);
  const shown = chatOptions(input.options, context);
  const settings = await resolveSettingModels(given, context, shown);
  const prompt = joinPrompt(await context.readStdin({ words: input.words, isQuiet: shown.isQuiet }), input.words);
  const tools = flags && (await (await import('./open-tools.ts')).openTools(flags, settings, context, shown));
  const options = { ...shown, tools };
  if (prompt === undefined) return runConversation(settings, options, context);
  const chat = await openChat('chat', settings, context);
  const { error } = await runTurn([{ role: 'user', content: prompt }], chat, options, context, context.interrupt);
  if (error !== undefined)
    throw await withNearestModels(error, [settings.model, ...(settings.fallback ?? [])], settings, context);
  return 0;
};
