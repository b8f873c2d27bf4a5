import { chatRequest } from '../core/chat-request.ts';
import { collectAnswer, type Outcome } from '../core/collect-answer.ts';
import { dropOldest, isTooLong } from '../core/conversation/context-use.ts';
import { lookUpBill } from '../core/look-up-bill.ts';
import { receiptOf } from '../core/receipt.ts';
import { billsStopped } from '../core/talk/bills-stopped.ts';
import { withText } from '../core/talk/input.ts';
import { decimal } from '../decimal.ts';
import { OrxError } from '../errors.ts';
import { countText, secondsText } from '../output/number-text.ts';
import { receiptText } from '../output/receipt-text.ts';
import { retryText } from '../output/retry-text.ts';
import { messageText, type CompletionEvent, type Message } from '../providers/completion.ts';
import type { Generation } from '../providers/provider.ts';
import { saidLines } from '../ui/talk/transcript-lines.ts';
import { createTurnFeed } from '../ui/talk/turn-feed.ts';
import { catalogueForDoubts, strictModelError } from './asked-model.ts';
import { withNearestModels } from './nearest-models.ts';
import type { TalkSession } from './talk-session.ts';

const SPINNER_MS = 100;
const SPINNER = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];

/** Asks, shows the answer as it comes, keeps what came of it, and says what it cost. */
export async function ask(talk: TalkSession, question: Message, signal: AbortSignal, hurry: AbortSignal): Promise<void> {
  const { transcript } = talk;
  talk.print([[], ...saidLines(messageText(question), talk.width), []]);
  transcript.add(question);
  if (refuseTooLong(talk, question)) return;
  const outcome = await answer(talk, signal);
  if (outcome.answer.id === undefined) transcript.takeBack();
  else talk.answers += 1;
  if (outcome.answer.text !== '') {
    talk.lastAnswer = { text: outcome.answer.text, reasoning: outcome.answer.reasoning };
  }
  await sayReceipt(talk, outcome, hurry);
  talk.sayNotes();
}

/** What surely does not fit is not sent, and nothing is left out unasked. */
function refuseTooLong(talk: TalkSession, question: Message): boolean {
  const use = talk.contextUse();
  if (!isTooLong(use)) return false;
  if (talk.dropsOldest) {
    const shorter = dropOldest(talk.transcript.sent(), talk.contextOptions());
    if (shorter?.from !== undefined) {
      talk.transcript.sendFrom(shorter.from);
      talk.say(`! the ${shorter.droppedTurns} oldest of all turns are not sent any more: they do not fit`, 'warning');
      return false;
    }
  }
  talk.transcript.takeBack();
  const full = `! not sent: about ${countText(use.used)} tokens, and ${talk.settings.model} takes ${countText(use.contextLength ?? 0)}`;
  talk.say(full, 'warning');
  talk.say('  /compact summarises the oldest turns, /compact drop leaves them out, /model finds a model with more room');
  if (talk.input.editor.cells.length === 0) talk.input = withText(talk.input, messageText(question));
  return true;
}

async function answer(talk: TalkSession, signal: AbortSignal): Promise<Outcome> {
  const { monotonic } = talk.context.clock;
  const feed = createTurnFeed({ width: talk.width, showsReasoning: talk.options.showsReasoning, monotonic });
  const wait = startWaiting(talk, monotonic);
  talk.feed = feed;
  const show = (): void => {
    const lines = feed.takeFinished();
    if (lines.length > 0) talk.print(lines);
    talk.screen.redraw('soon');
  };
  // Shown at the pace of the screen, however many tokens come in between.
  let timer: ReturnType<typeof setTimeout> | undefined;
  const soon = (): void => {
    timer ??= setTimeout(() => {
      timer = undefined;
      show();
    }, SHOW_MS);
  };
  try {
    const stream = talk.counted(talk.chat.stream);
    return await collectAnswer(stream(chatRequest(talk.transcript.messages(), talk.settings), { signal }), (event) => {
      feed.see(event);
      wait.see(event);
      soon();
    });
  } finally {
    clearTimeout(timer);
    wait.end();
    feed.end();
    show();
    talk.feed = undefined;
    // Between the answer and what is said of it.
    if (feed.hasStarted() && talk.options.showsReceipt) talk.print([[]]);
  }
}

const SHOW_MS = 40;

function startWaiting(talk: TalkSession, monotonic: () => number): { see: (event: CompletionEvent) => void; end: () => void } {
  const start = monotonic();
  let phase = 'connecting';
  let retry: string | undefined;
  const spin = setInterval(() => talk.screen.redraw('now'), SPINNER_MS);
  const end = (): void => {
    clearInterval(spin);
    talk.waiting = undefined;
  };
  talk.waiting = () => {
    const elapsed = monotonic() - start;
    const mark = SPINNER[Math.floor(elapsed / SPINNER_MS) % SPINNER.length];
    return `${mark} ${talk.settings.model} · ${retry ?? `${phase} ${secondsText(elapsed)}`}`;
  };
  return {
    see(event) {
      if (talk.waiting === undefined) return;
      retry = event.type === 'retry' ? retryText(event.error, event.attempt, event.waitMs) : undefined;
      if (event.type === 'heartbeat') phase = 'routing';
      else if (event.type === 'response-start') phase = 'thinking';
      else if (talk.feed?.hasStarted() === true) end();
    },
    end,
  };
}

async function sayReceipt(talk: TalkSession, outcome: Outcome, hurry: AbortSignal): Promise<void> {
  const { settings, options, context } = talk;
  const { answer: came, error } = outcome;
  const isStopped = error instanceof OrxError && error.kind === 'interrupted';
  const served = [{ asked: settings.model, model: came.model }];
  const catalogue = await catalogueForDoubts(served, settings, context);
  const bill = isStopped ? await billOfStopped(talk, outcome, hurry) : undefined;
  if (options.showsReceipt && (error === undefined || came.id !== undefined)) {
    const state = error === undefined ? 'complete' : isStopped ? 'stopped' : 'failed';
    const receipt = receiptOf(came, { asked: settings.model, state, catalogue, lookedUpCost: bill?.cost });
    const text = receiptText(receipt, talk.width);
    for (const warning of text.warnings) talk.say(warning, 'warning');
    if (isStopped && billsStopped(came.provider, settings.stream)) {
      talk.say(`! ${came.provider ?? 'the provider'} bills a stopped answer as if it had come whole`, 'warning');
    }
    talk.say(text.line);
  }
  const failure = error ?? (came.id === undefined ? undefined : strictModelError(served, settings, catalogue));
  if (failure === undefined) return;
  talk.sayError(await withNearestModels(failure, [settings.model, ...(settings.fallback ?? [])], settings, context));
}

/** No usage follows a stop. */
async function billOfStopped(talk: TalkSession, { answer: came }: Outcome, hurry: AbortSignal): Promise<Generation | undefined> {
  if (came.id === undefined || came.usage !== undefined) return undefined;
  talk.waiting = () => 'looking up the bill of the stopped answer';
  talk.screen.redraw('now');
  const bill = await lookUpBill(talk.chat.provider, came.id, talk.context.clock.sleep, hurry);
  talk.waiting = undefined;
  if (bill?.cost === undefined) talk.unknownCosts += 1;
  else {
    talk.cost = talk.cost.plus(decimal(bill.cost));
    talk.chat.book.lookedUp(bill);
    talk.transcript.lookedUp(bill.cost);
  }
  return bill;
}
