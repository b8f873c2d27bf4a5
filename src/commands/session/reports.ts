import type { Answer } from '../../core/answer/answer.ts';
import { dropOldest } from '../../core/conversation/context-use.ts';
import { type SentMessage, turnsOf } from '../../core/conversation/sent-messages.ts';
import { summarizeOldest, type Summary } from '../../core/conversation/summarize-oldest.ts';
import { summaryRequest } from '../../core/conversation/summary-request.ts';
import { usageError } from '../../errors.ts';
import { moneyText } from '../../output/text/money.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { countText } from '../../output/text/number.ts';
import { textLines } from '../../ui/session/transcript-lines.ts';
import { catalogueForDoubts } from '../catalogue/asked-model.ts';
import { readContextUse } from '../turn/fit-context.ts';
import type { SlashRun, Session } from './session.ts';
import { commandLine } from './farewell.ts';
import { startWaiting } from './wait.ts';
import { differenceLines } from '../turn/receipt.ts';

/** A longer conversation keeps its last two turns when the rest is summarized, a shorter one keeps the last. */
const SHORT_TURNS = 3;

export const runCost: SlashRun = (session) => {
  const { chat, transcript } = session;
  const { cost, answers, promptTokens, completionTokens, unknown } = session.tally;
  const more = unknown === 0 ? '' : `, and ${unknown} whose cost is not known`;
  const count = `${answers} ${answers === 1 ? 'answer' : 'answers'}${more}`;
  const total = `${moneyText(cost)} so far for ${count} · ${countText(promptTokens)} in → ${countText(completionTokens)} out`;
  const line = withSandboxLabel(total, session.settings.sandbox);
  session.printText(line, 'plain');
  if (transcript.forkedFrom !== undefined) {
    session.printText(`for this copy only; for the original: ${commandLine(session, `cost ${transcript.forkedFrom}`)}`);
  }
  if (chat.accounting.conversation !== undefined)
    session.printText(`details: ${commandLine(session, `cost ${chat.accounting.conversation}`)}`);
};

export const runReasoning: SlashRun = (session) => {
  const reasoning = session.lastAnswer?.reasoning ?? '';
  if (reasoning === '') throw usageError('the last answer has no reasoning', 'use a reasoning model: /model MODEL');
  session.print(textLines(reasoning, 'dim', session.prose, session.width));
};

export const runCompact: SlashRun = async (session, rest, signal) => {
  const { transcript, settings } = session;
  const sent = transcript.sent();
  const turns = turnsOf(sent);
  const keepTurns = turns.length > SHORT_TURNS ? 2 : 1;
  if (rest === 'drop') {
    const { options } = await readContextUse(transcript, settings, session.context);
    const left = dropOldest(sent, options);
    const from = left?.from ?? turns[Math.ceil(turns.length / 2)]?.[0]?.place;
    if (turns.length < 2 || from === undefined) throw usageError('there is nothing to drop: the conversation has only one turn');
    transcript.sendFrom(from);
    session.printText(
      `no longer sent: the oldest ${turns.findIndex((turn) => turn[0]?.place === from)} of ${turns.length} turns`,
    );
    return;
  }
  if (rest !== '') throw usageError(`/compact accepts only drop, not ${rest}`, 'drop the oldest turns: /compact drop');
  session.chat.accounting.beginTurn();
  const waiting = startWaiting(session, `${settings.model} · summarizing the oldest turns`);
  try {
    const summary = await summaryOf(session, sent, keepTurns, signal);
    if (summary === undefined) throw usageError('there is nothing to summarize yet: the last turn always stays');
    transcript.sendFrom(summary.from, summary.text);
    await printUnasked(session, summary.answer);
    session.printText(`${summary.turns} ${summary.turns === 1 ? 'turn is' : 'turns are'} replaced by this summary:`);
    session.print(textLines(summary.text, 'plain', session.prose, session.width));
  } finally {
    waiting.end();
    session.printNotes();
  }
};

async function summaryOf(
  session: Session,
  sent: readonly SentMessage[],
  keepTurns: number,
  signal: AbortSignal,
): Promise<Summary | undefined> {
  try {
    const { settings, chat } = session;
    const request = summaryRequest(settings, chat.overrides);
    return await summarizeOldest(sent, { keepTurns, request, system: settings.system, stream: chat.withoutTranscript, signal });
  } catch (error) {
    session.printText('no summary: the conversation stays as it is');
    throw error;
  }
}

async function printUnasked(session: Session, answer: Answer): Promise<void> {
  const { settings, context, options } = session;
  if (options.isQuiet) return;
  const catalogue = await catalogueForDoubts([{ asked: settings.model, model: answer.model }], settings, context);
  for (const line of await differenceLines({ answer }, session.chat, catalogue)) session.printText(line, 'warning');
}
