import type { RankMeasure } from '../../core/statistics/rank-measures.ts';
import type { ScreenSettings } from '../../core/settings/groups.ts';
import type { TerminalFacts } from '../is-drawable.ts';

/** How a comparison is shown. */
export interface CompareRunOptions {
  format: 'text' | 'json';
  rankBy: RankMeasure;
  isQuiet: boolean;
  /** Shows the word diff of each answer against this lane: its number, or a name of it. */
  diffAgainst: string | undefined;
  /** Prints a receipt for each lane on standard error. */
  showsReceipts: boolean;
  /** Renders the Markdown of the answers. */
  isMarkdown: boolean;
  /** Draw the lanes side by side with Ink. */
  isLive: boolean;
}

/** The options of a comparison as given; all are optional. */
export interface AskedComparison {
  /** Undefined: text, drawn side by side where possible. */
  format?: 'text' | 'json' | undefined;
  rankBy?: RankMeasure | undefined;
  diffAgainst?: string | undefined;
  isQuiet?: boolean;
  showsReceipts?: boolean;
  isRaw?: boolean;
}

/** Returns the options of a comparison. */
export function compareOptions(
  { format, rankBy = 'cost', diffAgainst, isQuiet = false, showsReceipts = false, isRaw = false }: AskedComparison,
  settings: Pick<ScreenSettings, 'markdown'>,
  terminal: Pick<TerminalFacts, 'stdout'>,
): CompareRunOptions {
  return {
    format: format ?? 'text',
    rankBy,
    diffAgainst,
    isQuiet,
    showsReceipts: !isQuiet && showsReceipts,
    isMarkdown: settings.markdown && !isRaw,
    isLive: format === undefined && terminal.stdout.isAnimated,
  };
}
