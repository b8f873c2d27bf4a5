import { dropOldest, isTooLong, seemsTooLong } from '../../core/conversation/context-use.ts';
import { decimal } from '../../decimal.ts';
import type { Outcome } from '../../core/answer/collect.ts';
import { emptyNotice } from '../../core/answer/missing.ts';
import { OrxError } from '../../errors.ts';
import type { Message } from '../../apis/completion.ts';
import { attachedLines, saidLines } from '../../ui/session/transcript-lines.ts';
import { catalogueForDoubts, strictModelError } from '../catalogue/asked-model.ts';
import { citationLines, collectTurn } from '../turn/tools.ts';
import type { TurnOutcome } from '../turn/run.ts';
import { readContextUse, sizeText } from '../turn/fit-context.ts';
import { explainFailure } from '../explain-failure.ts';
import { requestSender } from '../turn/open.ts';
import { openTalkAnswer } from './answer.ts';
import { writtenFor } from './attach.ts';
import type { TalkSession } from './session.ts';
import { startWaiting, type Waiting } from './wait.ts';
import { servedModels, turnReceipt, unaskedLines } from '../turn/receipt.ts';

/** Asks, shows the answer as it comes, keeps what came of it, and says what it cost. */
export async function ask(talk: TalkSession, question: Message, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  talk.chat.book.beginTurn();
  const { draft, attached, declined, missing } = writtenFor(talk, question);
  if (talk.options.isLive) talk.print([[], ...saidLines(draft.text, talk.prose, talk.width)]);
  talk.print(attachedLines(attached, talk.prose));
  if (declined.length > 0) talk.say(`  not attached: ${declined.join(' · ')}`);
  for (const path of missing) talk.say(`  ! there is no file ${path}: the message goes as it stands`, 'warning');
  if (talk.options.isLive) talk.print([[]]);
  await replacing(talk, async () => {
    talk.transcript.add(question);
    if (await refusesTooLong(talk)) {
      talk.transcript.takeBack();
      return false;
    }
    const collected = await answer(talk, signal);
    // Nobody answered, so that what was asked is not kept.
    if (collected.answer.id === undefined) talk.transcript.takeBack();
    else talk.tally.answers += 1;
    const { outcome, show } = (await talk.chat.finish?.(collected)) ?? { outcome: collected };
    if (show !== undefined) await talk.outside(show);
    const failure = await sayOutcome(talk, collected, outcome, hurry);
    const { text, images, audio, toolCalls } = collected.answer;
    const hasAnswer = text.trim() !== '' || images.length > 0 || audio.length > 0 || toolCalls.length > 0;
    return failure === undefined && hasAnswer;
  });
  talk.sayNotes();
}

/** Runs `work`, which says whether it got an answer. An earlier answer that it was to replace stays where it did not. */
async function replacing(talk: TalkSession, work: () => Promise<boolean>): Promise<void> {
  const { replacesLast, transcript } = talk;
  talk.replacesLast = false;
  if (!replacesLast) return void (await work());
  transcript.beginReplacing();
  let succeeded = false;
  try {
    succeeded = await work();
  } finally {
    if (!transcript.endReplacing(succeeded)) talk.say('the earlier answer stays: /copy and the next message use it');
  }
}

/** What surely does not fit is not sent, and nothing is left out unasked. An estimate alone is only warned of. */
async function refusesTooLong(talk: TalkSession): Promise<boolean> {
  const { use, options } = await readContextUse(talk.transcript, talk.settings, talk.context);
  if (!seemsTooLong(use)) return false;
  const shorter = talk.dropsOldest ? dropOldest(talk.transcript.sent(), options) : undefined;
  if (shorter?.from !== undefined) {
    talk.transcript.sendFrom(shorter.from);
    const turns = shorter.droppedTurns === 1 ? 'turn is' : 'turns are';
    talk.say(`! the ${shorter.droppedTurns} oldest ${turns} not sent any more: they do not fit`, 'warning');
    return false;
  }
  if (!isTooLong(use)) {
    talk.say(`! this may not fit: ${sizeText(use, talk.settings)}`, 'warning');
    return false;
  }
  talk.say(`! not sent: ${sizeText(use, talk.settings)}`, 'warning');
  talk.say('  /compact summarises the oldest turns, /compact drop leaves them out, /model finds a model with more room;');
  talk.say('  then ↑ brings the message back');
  return true;
}

/** With tools a turn has several answers, and between them what was called. */
async function answer(talk: TalkSession, signal: AbortSignal): Promise<TurnOutcome> {
  const messages = talk.transcript.messages();
  const send = requestSender(talk.chat, messages.length, signal);
  let calling: Waiting | undefined;
  const { view, collected } = await collectTurn(messages, {
    tools: talk.tools,
    isText: true,
    async openView() {
      calling?.end();
      const opened = openTalkAnswer(talk);
      return {
        ...opened,
        async end(outcome) {
          await opened.end(outcome);
          calling = startWaiting(talk, 'tools');
        },
      };
    },
    ask: send,
    sayCalls: () => ({ say: (meaning, text) => talk.say(text, meaning), showsResults: talk.options.showsReceipt }),
    monotonic: talk.context.clock.monotonic,
    signal,
    whileRunning: (work) => whileToolsRun(talk, work),
  });
  await view.end(collected);
  calling?.end();
  return collected;
}

/** Calls of tools are inside of the answer: what stops first are they, and the model is told. */
async function whileToolsRun<T>(talk: TalkSession, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  talk.hasRunningTools = true;
  try {
    return await talk.desk.interruptible(work);
  } finally {
    talk.hasRunningTools = false;
  }
}

/** Returns the failure that the turn is, if it is one. */
async function sayOutcome(talk: TalkSession, collected: TurnOutcome, outcome: Outcome, hurry: AbortSignal): Promise<unknown> {
  const { settings, options, context } = talk;
  const { answer: came } = outcome;
  if (options.showsReceipt) for (const line of (await citationLines(came)).trimEnd().split('\n')) if (line !== '') talk.say(line);
  const served = servedModels(collected).map((model) => ({ asked: settings.model, model }));
  const catalogue = await catalogueForDoubts(served, settings, context);
  const isStopped = collected.error instanceof OrxError && collected.error.kind === 'interrupted';
  // The bill of a stopped answer is wanted for the sum, also where no receipt is.
  if (came.id !== undefined && (options.showsReceipt || isStopped)) {
    let waiting: Waiting | undefined;
    const width = Math.min(talk.prose, context.streams.stdout.columns);
    const onLookUp = (): void => void (waiting = startWaiting(talk, 'looking up the bill of the stopped answer'));
    const receipt = await turnReceipt(collected, talk.chat, context, { catalogue, width, hurry, onLookUp });
    waiting?.end();
    if (receipt.lookedUpCost !== undefined) talk.tally.cost = talk.tally.cost.plus(decimal(receipt.lookedUpCost));
    if (receipt.isUnbilled) talk.tally.unknown += 1;
    if (options.showsReceipt) {
      for (const warning of receipt.warnings) talk.say(warning, 'warning');
      talk.say(receipt.line);
    }
  }
  const notice = outcome.error === undefined ? emptyNotice(came) : undefined;
  if (notice !== undefined) talk.sayError(notice);
  if (!options.showsReceipt && !options.isQuiet)
    for (const line of await unaskedLines(collected, settings.model, catalogue)) talk.say(line, 'warning');
  const failure = outcome.error ?? (came.id === undefined ? undefined : strictModelError(served, settings, catalogue));
  if (failure !== undefined)
    talk.sayError(await explainFailure(failure, [settings.model, ...(settings.fallback ?? [])], settings, context));
  return failure;
}
