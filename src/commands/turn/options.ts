import type { ScreenSettings } from '../../core/settings/groups.ts';
import type { OutputFormat } from '../../core/settings/settings.ts';
import { usageError } from '../../errors.ts';
import type { RunTools } from '../tools/open.ts';
import { isAnimated, type Screen } from '../is-drawable.ts';

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

export function chatOptions(
  options: Readonly<Record<string, unknown>>,
  settings: Pick<ScreenSettings, 'markdown' | 'screen-reader'>,
  screen: Screen,
): ChatOptions {
  const format = options['json'] === true ? 'json' : (options['output'] as OutputFormat);
  if (options['json'] === true && options['output'] === 'stream-json')
    throw usageError('--json and -o stream-json exclude each other');
  const isQuiet = options['quiet'] === true;
  const isSilent = format === 'text' && (options['extract'] === true || options['extractLast'] === true);
  return {
    format,
    isQuiet,
    showsReceipt: !isQuiet && (screen.terminal.streams.stderr.isTTY === true || options['usage'] === true),
    showsReasoning: options['reasoning'] !== false,
    isSilent,
    isLive: format === 'text' && !isSilent && !settings['screen-reader'] && isAnimated(screen),
    isMarkdown: settings.markdown && options['raw'] !== true,
  };
}
