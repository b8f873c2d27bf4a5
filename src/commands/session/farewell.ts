import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import type { Session } from './session.ts';

/**
 * Prints what the conversation came to and the command that continues it, below everything else. Nothing where nothing was asked, or where
 * nothing is stored that could be continued.
 */
export function printFarewell(session: Session): void {
  const { transcript, options, context } = session;
  const { session: id, stored } = transcript;
  if (!session.hasAsked || id === null || stored.length === 0 || options.isQuiet) return;
  const { stdout } = context.terminal.streams;
  const { paint } = context.terminal.themeOf(stdout);
  const total = wrapWords(totalText(session), session.width);
  // A terminal gives back as one line what it wrapped itself: the command can be copied.
  const command = `Continue with: ${commandLine(session, `chat --session ${id}`)}`;
  styled(stdout).write(['', ...[...total, command].map((line) => paint(['dim'], line)), ''].join('\n'));
}

/** Returns a command of orx as it can be pasted into a shell: for the sandbox in a conversation with it. */
export function commandLine({ settings }: Session, words: string): string {
  return `orx ${settings.sandbox ? '--sandbox ' : ''}${words}`;
}

/** `3 requests · 1,204 in → 340 out · $0.00412` */
function totalText({ tally, chat, settings }: Session): string {
  const { cost, answers, promptTokens, completionTokens, unknown } = tally;
  // With tools and comparisons there are more of them than answers; only the ledger knows.
  const requests = Math.max(answers, chat.accounting.sums()?.requests ?? 0);
  const parts = [
    `${countText(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    `${countText(promptTokens)} in → ${countText(completionTokens)} out`,
    `${moneyText(cost)}${unknown === 0 ? '' : ` and ${countText(unknown)} of unknown cost`}`,
  ];
  return withSandboxLabel(parts.join(' · '), settings.sandbox);
}
