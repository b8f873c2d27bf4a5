import { moneyText } from '../../output/text/money.ts';
import { countText } from '../../output/text/number.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import type { Session } from './session.ts';

/**
 * Prints the conversation's total and the command that continues it, at the end of the output. Prints nothing if nothing is stored
 * that could be continued.
 */
export function printFarewell(session: Session): void {
  const { transcript, options, context } = session;
  const { session: id, stored } = transcript;
  if (id === null || stored.length === 0 || options.isQuiet) return;
  const { stdout } = context.terminal.streams;
  const { paint } = context.terminal.themeOf(stdout);
  const total = wrapWords(totalText(session), session.width);
  // Text that the terminal wraps itself is copied as one line, so the command is not wrapped here.
  const command = `Continue with: ${commandLine(session, `chat --session ${id}`)}`;
  styled(stdout).write(['', ...[...total, command].map((line) => paint(['dim'], line)), ''].join('\n'));
}

/** Returns an orx command that can be pasted into a shell; in a sandbox conversation, with the flag for it. */
export function commandLine({ settings }: Session, words: string): string {
  return `orx ${settings.sandbox ? '--sandbox ' : ''}${words}`;
}

/** Returns, for example, `3 requests · 1,204 in → 340 out · $0.00412`. */
function totalText({ tally, chat, settings }: Session): string {
  const { cost, answers, promptTokens, completionTokens, unknown } = tally;
  // Tools and comparisons make more requests than answers; only the ledger has their number.
  const requests = Math.max(answers, chat.accounting.sums()?.requests ?? 0);
  const parts = [
    `${countText(requests)} ${requests === 1 ? 'request' : 'requests'}`,
    `${countText(promptTokens)} in → ${countText(completionTokens)} out`,
    `${moneyText(cost)}${unknown === 0 ? '' : ` and ${countText(unknown)} of unknown cost`}`,
  ];
  return withSandboxLabel(parts.join(' · '), settings.sandbox);
}
