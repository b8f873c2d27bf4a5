import {
  HISTORY_SETTINGS,
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
  TOOL_SETTINGS,
} from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import { promptFlags, wireFlags } from '../prompt/flags.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { TOOL_GROUP, toolFlags } from '../tools/flags.ts';
import { answerFlags, transcriptFlags } from '../turn/flags.ts';
import { chat } from './run.ts';

const HELP = `
Examples:
  orx chat -m deepseek/deepseek-chat "Why is the sky blue?"
  cat error.log | orx chat "what broke?"
  orx chat -f "src/**/*.ts" -a screen.png "why does this look wrong?"
  orx chat --schema "name, year int" "the first moon landing" | jq .year
  orx chat -c "and how do I fix it?"
  orx chat --json --data-policy strict "…" | jq -r .cost
  orx --sandbox chat "try it without a key"`;

// What a chat needs is loaded with its flags: one file less to find before the request is sent.
export const registerChat: RegisterCommand = (program, execute) => {
  const plain = program
    .command('chat')
    .description('Ask a model. Standard input comes first, then the words; without either, a conversation opens.')
    .argument('[words...]', 'the prompt; - reads standard input however long it takes');
  const answer = withFlags(plain, answerFlags);
  addSettingOptions(answer, ['model']);
  addSettingOptions(answer, REQUEST_SETTINGS);
  const prompt = withFlags(answer, promptFlags);
  addSettingOptions(prompt, PARAMETER_SETTINGS, 'Parameters:');
  const request = withFlags(prompt, wireFlags);
  addSettingOptions(request, ROUTING_SETTINGS, 'Routing:');
  const transcript = withFlags(request, transcriptFlags);
  addSettingOptions(transcript, HISTORY_SETTINGS, 'Conversation:');
  addSettingOptions(transcript, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(transcript, SCREEN_SETTINGS, 'Screen:');
  const command = withFlags(transcript, toolFlags);
  addSettingOptions(command, TOOL_SETTINGS, TOOL_GROUP);
  execute(command.addHelpText('after', HELP), () => Promise.resolve(chat));
};
