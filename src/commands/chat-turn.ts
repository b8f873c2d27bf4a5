import { chatRequest } from '../core/chat-request.ts';
import { collectAnswer, type Outcome } from '../core/collect-answer.ts';
import { lookUpBill } from '../core/look-up-bill.ts';
import type { Transcript } from '../core/conversation/transcript.ts';
import { metered } from '../core/metered.ts';
import { receiptOf } from '../core/receipt.ts';
import { retrying } from '../core/retrying.ts';
import type { Settings } from '../core/settings.ts';
import { OrxError } from '../errors.ts';
import { answerView } from '../output/answer-view.ts';
import { retryText } from '../output/retry-text.ts';
import { styleFor } from '../output/style.ts';
import type { Catalogue } from '../providers/catalogue.ts';
import type { Message, StreamCompletion } from '../providers/completion.ts';
import type { Provider } from '../providers/provider.ts';
import { catalogueForDoubts, strictModelError } from './asked-model.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Context } from './context.ts';
import { openBook, type RunBook } from './open-book.ts';
import { sayBookNotes } from './say-book-notes.ts';
import { sayUnkept } from './say-unkept.ts';

/** Whom one run of chat or compare asks, and where that is booked. */
export interface Chat {
  settings: Settings;
  provider: Provider;
  book: RunBook;
  stream: StreamCompletion;
  /** The same for what belongs to no conversation, such as a summary: booked, and kept nowhere. */
  aside: StreamCompletion;
  /** Where the answers are kept; a comparison has none. */
  transcript?: Transcript | undefined;
}

export async function openChat(command: string, settings: Settings, context: Context, transcript?: Transcript): Promise<Chat> {
  const provider = await context.openProvider(settings, { requireKey: true });
  const book = await openBook(command, settings, provider, context, transcript?.id);
  const { clock } = context;
  const stream = retrying(provider.streamCompletion, { retries: settings.retries, sleep: clock.sleep, random: Math.random });
  const booked = book.wrap(metered(stream, clock.monotonic));
  return { settings, provider, book, stream: transcript?.wrap(booked) ?? booked, aside: booked, transcript };
}

/** Asks once and shows the answer and its receipt. The outcome's error is what the process should end with. */
export async function runTurn(
  messages: readonly Message[],
  chat: Chat,
  options: ChatOptions,
  context: Context,
  signal: AbortSignal,
  /** Ends the search for a stopped answer's bill. */
  hurry?: AbortSignal,
): Promise<Outcome> {
  const { settings } = chat;
  const { stdout, stderr } = context.streams;
  const view = options.isLive
    ? (await import('../ui/answer-app.tsx')).showLiveAnswer({
        ...context.streams,
        model: settings.model,
        monotonic: context.clock.monotonic,
        showReasoning: options.showsReasoning,
      })
    : answerView(options.format, stdout, settings.model, chat.transcript?.session);
  const outcome = await collectAnswer(chat.stream(chatRequest(messages, settings), { signal }), (event) => {
    if (event.type === 'retry' && options.showsReceipt && !options.isLive) {
      stderr.write(`${retryText(event.error, event.attempt, event.waitMs)}\n`);
    }
    return view.see(event);
  });
  await view.end(outcome);

  const served = [{ asked: settings.model, model: outcome.answer.model }];
  const isTold = options.showsReceipt || settings['strict-model'];
  const catalogue = isTold ? await catalogueForDoubts(served, settings, context) : undefined;
  const error = outcome.error ?? strictModelError(served, settings, catalogue);
  if (options.showsReceipt && (outcome.error === undefined || outcome.answer.id !== undefined)) {
    await showReceipt(outcome, chat, context, catalogue, hurry);
  }
  if (!options.isQuiet) {
    sayBookNotes(chat.book, context);
    sayUnkept(chat.transcript, context);
  }
  return error === undefined ? outcome : { answer: outcome.answer, error };
}

async function showReceipt(
  outcome: Outcome,
  chat: Chat,
  context: Context,
  catalogue: Catalogue | undefined,
  hurry: AbortSignal | undefined,
): Promise<void> {
  // Measuring the width of text takes longer to load than a whole answer in a pipe: only where a receipt is shown.
  const { receiptText } = await import('../output/receipt-text.ts');
  const { answer, error } = outcome;
  const isStopped = error instanceof OrxError && error.kind === 'interrupted';
  const needsLookUp = isStopped && answer.usage === undefined && answer.id !== undefined;
  const bill = needsLookUp ? await lookUpBill(chat.provider, answer.id!, context.clock.sleep, hurry) : undefined;
  if (bill !== undefined) {
    chat.book.lookedUp(bill);
    if (bill.cost !== undefined) chat.transcript?.lookedUp(bill.cost);
  }
  const receipt = receiptOf(answer, {
    asked: chat.settings.model,
    state: error === undefined ? 'complete' : isStopped ? 'stopped' : 'failed',
    catalogue,
    lookedUpCost: bill?.cost,
  });
  const { stderr } = context.streams;
  const style = styleFor(stderr, context.env);
  const text = receiptText(receipt, stderr.columns || undefined);
  for (const warning of text.warnings) stderr.write(`${style('yellow', warning)}\n`);
  stderr.write(`${style('dim', text.line)}\n`);
}
