import type { OrxError } from '../../errors.ts';
import type { ScreenSettings } from '../../core/settings/groups.ts';
import type { TerminalFacts } from '../is-drawable.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import type { CommandInput, SettingFlags } from '../register.ts';
import type { RoutingFlags } from './flags.ts';
import type { ToolFlags } from '../tools/flags.ts';
import { parseToolOptions, type ToolOptions } from '../tools/options.ts';
import type { AnswerFlags, TranscriptFlags } from '../turn/flags.ts';
import { type ChatOptions, parseChatOptions } from '../turn/options.ts';
import { NEW_CONVERSATION, parseTranscriptChoice, type TranscriptChoice, unlogged } from '../turn/transcript-options.ts';

export type ChatFlags = AnswerFlags & PromptFlags & RoutingFlags & TranscriptFlags & ToolFlags;

/** One prompt, or a conversation if there is no prompt. */
export interface ChatRunOptions {
  words: readonly string[];
  /** Settings given as flags; those of a template rank below them. */
  flags: SettingFlags;
  prompt: PromptFlags;
  shown: ChatOptions;
  choice: TranscriptChoice;
  dropsOldest: boolean;
  /** Whether to explain the routing of the request instead of sending it. */
  explainsRouting?: boolean | undefined;
  /** Whether only the endpoint that answered last may answer. */
  pins?: boolean | undefined;
  tools: ToolOptions | undefined;
  /** Only flags that every command has were given. */
  isBare?: boolean | undefined;
  /** Thrown unless there is piped input: the words may be a mistyped command. */
  refusal?: OrxError | undefined;
}

/** Throws `refusal` if the words may be a mistyped command, standard input is a terminal, and the request would cost money. */
export function parseChat(input: CommandInput<ChatFlags>): ChatRunOptions {
  const { words, options, flags, settings, terminal, isBare } = input;
  const refusal = input.refusal === undefined || settings.sandbox ? undefined : input.refusal;
  if (refusal !== undefined && terminal.hasKeyboard) throw refusal;
  return {
    ...(isBare === true && { isBare }),
    ...(refusal !== undefined && { refusal }),
    words,
    flags: unlogged(flags, options),
    prompt: options,
    shown: parseChatOptions(options, settings, terminal),
    // Neither of them changes a conversation.
    choice: parseTranscriptChoice({ ...options, dryRun: options.dryRun ?? options.explainRouting }),
    dropsOldest: options.dropOldest === true,
    ...(options.explainRouting === true && { explainsRouting: true }),
    ...(options.pin === true && { pins: true }),
    tools: parseToolOptions(options),
  };
}

/** Returns the options of a new conversation on this terminal. */
export function conversationOptions(
  flags: SettingFlags,
  settings: Pick<ScreenSettings, 'markdown' | 'screen-reader'>,
  terminal: TerminalFacts,
): ChatRunOptions {
  return {
    words: [],
    flags,
    prompt: {},
    shown: parseChatOptions({ output: 'text', reasoning: true }, settings, terminal),
    choice: NEW_CONVERSATION,
    dropsOldest: false,
    tools: undefined,
  };
}
