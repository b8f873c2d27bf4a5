import type { ScreenSettings } from '../../core/settings/groups.ts';
import type { OutputFormat } from '../../core/settings/settings.ts';
import type { RunTools } from '../tools/open.ts';
import type { TerminalFacts } from '../is-drawable.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import type { AnswerFlags } from './flags.ts';

/** How a chat command shows its answers. */
export interface ChatOptions {
  format: OutputFormat;
  isQuiet: boolean;
  /** Print receipt and notices on standard error. */
  showsReceipt: boolean;
  showsReasoning: boolean;
  /** Do not show the answer's text itself, but something derived from it. */
  isSilent: boolean;
  /** Draw with Ink: standard output is a terminal that can move its cursor. */
  isLive: boolean;
  /** Render the answer's Markdown when drawing. */
  isMarkdown: boolean;
  /** Only the last answer of a turn goes to standard output, because it must have a certain format. */
  isFinalOnly?: boolean | undefined;
  /** The tools that the model may call. */
  tools?: RunTools | undefined;
}

export function parseChatOptions(
  options: AnswerFlags & Pick<PromptFlags, 'extract' | 'extractLast'>,
  settings: Pick<ScreenSettings, 'markdown' | 'screen-reader'>,
  terminal: TerminalFacts,
): ChatOptions {
  const format = options.json === true ? 'json' : options.output;
  const isQuiet = options.quiet === true;
  const isSilent = format === 'text' && (options.extract === true || options.extractLast === true);
  return {
    format,
    isQuiet,
    showsReceipt: !isQuiet && (terminal.stderr.isTerminal || options.usage === true),
    showsReasoning: options.reasoning,
    isSilent,
    isLive: format === 'text' && !isSilent && !settings['screen-reader'] && terminal.stdout.isAnimated,
    isMarkdown: settings.markdown && options.raw !== true,
  };
}
