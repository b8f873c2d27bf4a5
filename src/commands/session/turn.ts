import { dropOldest, exceedsContext, seemsTooLong } from '../../core/conversation/context-use.ts';
import { decimal } from '../../decimal.ts';
import type { Outcome } from '../../core/answer/collect.ts';
import { cutWarning, emptyNotice } from '../../core/answer/missing.ts';
import { OrxError } from '../../errors.ts';
import type { Turn } from '../../core/conversation/transcript.ts';
import type { Message } from '../../apis/message.ts';
import { attachedLines, userLines } from '../../ui/session/transcript-lines.ts';
import { catalogueForDoubts, strictModelError } from '../catalogue/asked-model.ts';
import { gatherMsOf } from '../is-drawable.ts';
import { citationLines, collectTurn, requestSender } from '../turn/ask.ts';
import type { TurnOutcome } from '../turn/outcome.ts';
import { readContextUse, sizeText } from '../turn/fit-context.ts';
import { explainFailure } from '../catalogue/explain-failure.ts';
import { openSessionAnswer } from './answer.ts';
import { writtenFor } from './mentions/attach.ts';
import type { Session } from './session.ts';
import { startWaiting, type Waiting } from './wait.ts';
import { servedModels, turnReceipt, differenceLines } from '../turn/receipt.ts';

/** Sends the message, shows the answer as it streams, stores it, and prints its cost. */
export async function ask(session: Session, question: Message, signal: AbortSignal, skipLookUps: AbortSignal): Promise<void> {
  session.chat.accounting.beginTurn();
  const { draft, attached, declined, missing } = writtenFor(session, question);
  if (session.options.isLive) session.print([[], ...userLines(draft.text, session.prose, session.width)]);
  session.print(attachedLines(attached, session.prose));
  if (declined.length > 0) session.printText(`  not attached: ${declined.join(' · ')}`);
  for (const path of missing) session.printText(`warning: file not found: ${path}; the message is sent as typed`, 'warning');
  if (session.options.isLive) session.print([[]]);
  await inTurn(session, question, async (turn) => {
    if (await refusesTooLong(session)) return false;
    const collected = await answer(session, turn, signal);
    if (collected.answer.id !== undefined) session.tally.answers += 1;
    const { outcome, show } = (await session.chat.finish?.(collected)) ?? { outcome: collected };
    if (show !== undefined) await session.withTerminal(show);
    const failure = await printOutcome(session, collected, outcome, { signal, skipLookUps });
    const { text, images, audio, toolCalls } = collected.answer;
    const hasAnswer = text.trim() !== '' || images.length > 0 || audio.length > 0 || toolCalls.length > 0;
    return failure === undefined && hasAnswer;
  });
  session.printNotes();
}

/** Runs `work`, which resolves to whether there was an answer. Without one, keeps the earlier answer that it was to replace. */
async function inTurn(session: Session, question: Message, work: (turn: Turn) => Promise<boolean>): Promise<void> {
  const { replacesLast } = session;
  session.replacesLast = false;
  const turn = session.transcript.begin(question, { replacesLast });
  let succeeded = false;
  try {
    succeeded = await work(turn);
  } finally {
    const hasReplaced = succeeded ? turn.commit() : turn.rollback();
    if (replacesLast && !hasReplaced) session.printText('the earlier answer stays: /copy and the next message use it');
  }
}

/**
 * Returns whether a conversation is certainly too long to be sent. Omits turns only with permission; a length that is only
 * estimated causes a warning.
 */
async function refusesTooLong(session: Session): Promise<boolean> {
  const { use, options } = await readContextUse(session.transcript, session.settings, session.context);
  if (!seemsTooLong(use)) return false;
  const shorter = session.dropsOldest ? dropOldest(session.transcript.sent(), options) : undefined;
  if (shorter?.from !== undefined) {
    session.transcript.sendFrom(shorter.from);
    const turns = shorter.droppedTurns === 1 ? 'turn is' : 'turns are';
    session.printText(`warning: the ${shorter.droppedTurns} oldest ${turns} no longer sent: they do not fit`, 'warning');
    return false;
  }
  if (!exceedsContext(use)) {
    session.printText(`warning: this may not fit: ${sizeText(use, session.settings)}`, 'warning');
    return false;
  }
  session.printText(`warning: not sent: ${sizeText(use, session.settings)}`, 'warning');
  session.printText(
    '  /compact summarizes the oldest turns, /compact drop leaves them out, /model finds a model with a longer context;',
  );
  session.printText('  then ↑ brings the message back');
  return true;
}

/** Collects the answer of a turn. With tools, a turn has several answers, with tool calls between them. */
async function answer(session: Session, turn: Turn, signal: AbortSignal): Promise<TurnOutcome> {
  let calling: Waiting | undefined;
  const { view, collected } = await collectTurn(turn.messages(), {
    tools: session.tools,
    isText: true,
    async openView() {
      calling?.end();
      const opened = openSessionAnswer(session);
      return {
        ...opened,
        async end(outcome) {
          await opened.end(outcome);
          calling = startWaiting(session, 'tools');
        },
      };
    },
    ask: requestSender(session.chat, turn, signal, { gatherMs: gatherMsOf(session.options) }),
    addUnsent: turn.addUnsent,
    reportCalls: () => ({
      print: (meaning, text) => session.printText(text, meaning),
      showsResults: session.options.showsReceipt,
    }),
    monotonic: session.context.clock.monotonic,
    signal,
    whileRunning: (work) => whileToolsRun(session, work),
  });
  await view.end(collected);
  calling?.end();
  return collected;
}

/** Runs tool calls of an answer: Ctrl-C stops them first, and the model is informed. */
async function whileToolsRun<T>(session: Session, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  session.hasRunningTools = true;
  try {
    return await session.services.interruptible(work);
  } finally {
    session.hasRunningTools = false;
  }
}

/** Prints the result of a turn. Returns its error, if it failed. */
async function printOutcome(
  session: Session,
  collected: TurnOutcome,
  outcome: Outcome,
  { signal, skipLookUps }: { signal: AbortSignal; skipLookUps: AbortSignal },
): Promise<unknown> {
  const { settings, options, context } = session;
  const { answer: came } = outcome;
  if (options.showsReceipt)
    for (const line of (await citationLines(came)).trimEnd().split('\n')) if (line !== '') session.printText(line);
  const served = servedModels(collected).map((model) => ({ asked: settings.model, model }));
  const catalogue = await catalogueForDoubts(served, settings, context);
  const isStopped = collected.error instanceof OrxError && ['interrupted', 'model-mismatch'].includes(collected.error.kind);
  let lookedUpCost: string | undefined;
  // The total needs the cost of a stopped answer even if no receipt is shown.
  if (came.id !== undefined && (options.showsReceipt || isStopped)) {
    let waiting: Waiting | undefined;
    const width = Math.min(session.prose, context.terminal.streams.stdout.columns);
    const onLookUp = (): void => void (waiting = startWaiting(session, 'looking up the cost of the stopped answer'));
    const receipt = await turnReceipt(collected, session.chat, context, { catalogue, width, skipLookUps, onLookUp });
    waiting?.end();
    if (receipt.lookedUpCost !== undefined) session.tally.cost = session.tally.cost.plus(decimal(receipt.lookedUpCost));
    lookedUpCost = receipt.lookedUpCost;
    if (options.showsReceipt) {
      for (const warning of receipt.warnings) session.printText(warning, 'warning');
      session.printText(receipt.line);
    }
  }
  const last = collected.steps?.at(-1)?.answer ?? came;
  const isUnknown = collected.error !== undefined && last.id !== undefined && last.usage === undefined;
  if (isUnknown && lookedUpCost === undefined) session.tally.unknown += 1;
  const notice = outcome.error === undefined ? emptyNotice(came) : undefined;
  if (notice !== undefined) session.printError(notice);
  const isExpected = options.isQuiet && settings['max-tokens'] !== undefined;
  const cut = outcome.error === undefined && !isExpected ? cutWarning(came, 'session') : undefined;
  if (cut !== undefined) session.printText(cut, 'warning');
  if (!options.showsReceipt && !options.isQuiet)
    for (const line of await differenceLines(collected, session.chat, catalogue)) session.printText(line, 'warning');
  const failure = outcome.error ?? (came.id === undefined ? undefined : strictModelError(served, settings, catalogue));
  if (failure !== undefined) {
    const asked = [settings.model, ...(settings.fallback ?? [])];
    const { overrides } = session.chat;
    session.printError(await explainFailure(failure, asked, settings, context, { overrides, signal }));
  }
  return failure;
}
