import {
  FALLBACK_SETTINGS,
  HISTORY_SETTINGS,
  LEDGER_SETTINGS,
  PARAMETER_SETTINGS,
  REQUEST_SETTINGS,
  ROUTING_SETTINGS,
  SCREEN_SETTINGS,
  TOOL_SETTINGS,
} from '../../core/settings/groups.ts';
import { withFlags } from '../commander.ts';
import { withHelp } from '../help-facts.ts';
import { answerHandlingFlags, schemaFlags, sourceFlags, wireFlags } from '../prompt/flags.ts';
import type { RegisterCommand } from '../register.ts';
import { addSettingOptions } from '../setting-options.ts';
import { TOOL_GROUP, toolFlags } from '../tools/flags.ts';
import { answerFlags, transcriptFlags } from '../turn/flags.ts';
import { routingFlags } from './flags.ts';
import { chat } from './run.ts';

const HELP = {
  examples: [
    'orx chat "Why is the sky blue?"',
    'cat error.log | orx chat "What broke?"',
    'orx chat -f "src/**/*.ts" -a screen.png "Why does this look wrong?"',
    'orx chat -c "And how do I fix it?"',
    'orx chat --schema "name, year int" "The first moon landing" | jq .year',
    'orx --sandbox chat "Try it without a key"',
  ],
  notes: `
The prompt consists of standard input, files and arguments, in this order. Without a prompt, orx chat starts an interactive session.`,
};

// The code of a chat is loaded with its flags, so that one file less is looked up before the request is sent.
export const registerChat: RegisterCommand = (program, execute) => {
  const plain = program.command('chat').argument('[prompt...]', 'the prompt; - waits for standard input');
  const answer = withFlags(plain, answerFlags);
  addSettingOptions(answer, ['model']);
  addSettingOptions(answer, REQUEST_SETTINGS);
  const prompt = withFlags(withFlags(withFlags(answer, sourceFlags), schemaFlags), answerHandlingFlags);
  addSettingOptions(prompt, PARAMETER_SETTINGS, 'Parameters:');
  const request = withFlags(prompt, wireFlags);
  addSettingOptions(request, ROUTING_SETTINGS, 'Routing:');
  addSettingOptions(request, FALLBACK_SETTINGS, 'Answer:');
  const explained = withFlags(request, routingFlags);
  const transcript = withFlags(explained, transcriptFlags);
  addSettingOptions(transcript, HISTORY_SETTINGS, 'Conversation:');
  addSettingOptions(transcript, LEDGER_SETTINGS, 'Ledger:');
  addSettingOptions(transcript, SCREEN_SETTINGS, 'Screen:');
  const command = withFlags(transcript, toolFlags);
  addSettingOptions(command, TOOL_SETTINGS, TOOL_GROUP);
  execute(withHelp(command, HELP), () => Promise.resolve(chat));
};
