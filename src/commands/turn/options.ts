import type { ScreenSettings } from '../../core/settings/groups.ts';
import type { OutputFormat } from '../../core/settings/settings.ts';
import type { RunTools } from '../tools/open.ts';
import type { TerminalFacts } from '../is-drawable.ts';
import type { PromptFlags } from '../prompt/flags.ts';
import type { AnswerFlags } from './flags.ts';

/** How one run of chat shows its answers. */
export interface ChatOptions {
  format: OutputFormat;
  isQuiet: boolean;
  /** Receipt and notices on standard error. */
  showsReceipt: boolean;
  showsReasoning: boolean;
  /** The answer's text itself is not shown: something made of it is. */
  isSilent: boolean;
  /** Ink draws: standard output is a terminal that can move its cursor. */
  isLive: boolean;
  /** What Ink draws is what the answer's Markdown means. */
  isMarkdown: boolean;
  /** Standard output takes the last answer of a turn alone: it has to have a form. */
  isFinalOnly?: boolean | undefined;
  /** What the model may have called. */
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
