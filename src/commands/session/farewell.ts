import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { labeled } from '../../output/text/sandbox-label.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Session } from './session.ts';

/**
 * Prints what the conversation came to and the command that continues it, below everything else. Nothing where nothing was asked, or where
 * nothing is stored that could be continued.
 */
export function printFarewell(session: Session): void {
  const { transcript, options, context, settings } = session;
  const { session: id, stored } = transcript;
  if (!session.hasAsked || id === null || stored.length === 0 || options.isQuiet) return;
  const { stdout } = context.terminal.streams;
  const { paint } = context.terminal.themeOf(stdout);
  const command = `orx ${settings.sandbox ? '--sandbox ' : ''}chat --session ${id}`;
  // Lines of their own length: a terminal gives back as one line what it wrapped itself.
  styled(stdout).write(`\n${paint(['dim'], totalText(session))}\n${paint(['dim'], `Continue with: ${command}`)}\n`);
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
  return labeled(parts.join(' · '), settings.sandbox);
}
