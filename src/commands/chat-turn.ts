import { chatRequest, type RequestOverrides } from '../core/chat-request.ts';
import { collectAnswer, type Outcome } from '../core/collect-answer.ts';
import { lookUpBill } from '../core/look-up-bill.ts';
import type { Transcript } from '../core/conversation/transcript.ts';
import { metered } from '../core/metered.ts';
import { receiptOf } from '../core/receipt.ts';
import { retrying } from '../core/retrying.ts';
import type { Settings } from '../core/settings.ts';
import { OrxError } from '../errors.ts';
import { answerView, type AnswerView, silentView } from '../output/answer-view.ts';
import { retryText } from '../output/retry-text.ts';
import { createTheme } from '../output/theme.ts';
import type { Catalogue } from '../providers/catalogue.ts';
import type { ToolOutcome } from '../core/tools/run-with-tools.ts';
import type { Message, StreamCompletion } from '../providers/completion.ts';
import type { RequestParameters } from '../providers/request-parameters.ts';
import type { Provider } from '../providers/provider.ts';
import { catalogueForDoubts, strictModelError } from './asked-model.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Context } from './context.ts';
import type { FinishAnswer } from './finish-answer.ts';
import { collectTurn, sayCitations, stepFacts } from './chat-tools.ts';
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
  /** What its requests hold besides what settings say. */
  overrides?: RequestOverrides;
  /** Looks at an answer before it is shown to the end: finish-answer.ts. */
  finish?: FinishAnswer;
  /** Where the answers are kept; a comparison has none. */
  transcript?: Transcript | undefined;
}

/** An outcome; of a turn with tools also its steps and the messages that it adds. */
export type TurnOutcome = Outcome & Partial<ToolOutcome>;

/** What a chat holds besides its settings, and the template that it was made from. */
export type ChatExtras = Pick<Chat, 'overrides' | 'finish' | 'transcript'> & { template?: string | undefined };

export async function openChat(command: string, settings: Settings, context: Context, extras: ChatExtras = {}): Promise<Chat> {
  const provider = await context.openProvider(settings, { requireKey: true });
  const { template, ...more } = extras;
  const book = await openBook(command, settings, provider, context, { template, conversation: more.transcript?.id });
  const { clock } = context;
  const stream = retrying(provider.streamCompletion, { retries: settings.retries, sleep: clock.sleep, random: Math.random });
  const booked = book.wrap(metered(stream, clock.monotonic));
  return { ...more, settings, provider, book, stream: more.transcript?.wrap(booked) ?? booked, aside: booked };
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
): Promise<TurnOutcome> {
  const { settings } = chat;
  const { stdout, stderr } = context.streams;
  const openView = async (): Promise<AnswerView> => {
    if (options.isSilent) return silentView;
    if (!options.isLive) return answerView(options.format, stdout, settings.model, chat.transcript?.session);
    return (await import('../ui/answer-app.tsx')).showLiveAnswer({
      ...context.streams,
      model: settings.model,
      monotonic: context.clock.monotonic,
      showReasoning: options.showsReasoning,
      theme: createTheme(options.theme, stdout, context.env),
      isMarkdown: options.isMarkdown,
    });
  };
  let known = messages.length;
  // The answers are kept as they come; what tools gave is kept with the request that sends it.
  const keepResults = (all: readonly Message[]): void => {
    for (const message of all.slice(known)) if (message.role === 'tool') chat.transcript?.add(message);
    known = all.length;
  };
  const ask = (view: AnswerView, all: readonly Message[], more?: RequestParameters): Promise<Outcome> => {
    keepResults(all);
    return collectAnswer(chat.stream({ ...chatRequest(all, settings, chat.overrides), ...more }, { signal }), (event) => {
      if (event.type === 'retry' && options.showsReceipt && !options.isLive) {
        stderr.write(`${retryText(event.error, event.attempt, event.waitMs)}\n`);
      }
      return view.see(event);
    });
  };
  const { view, collected } = await collectTurn(messages, { options, context, signal, openView, ask });
  const { outcome, facts, show } = (await chat.finish?.(collected)) ?? { outcome: collected };
  await view.end(outcome, { ...facts, ...(await stepFacts(collected)) });
  await show?.();
  if (options.showsReceipt && options.format === 'text') await sayCitations(outcome.answer, stderr);

  const served = [{ asked: settings.model, model: outcome.answer.model }];
  const isTold = options.showsReceipt || settings['strict-model'];
  const catalogue = isTold ? await catalogueForDoubts(served, settings, context) : undefined;
  const error = outcome.error ?? strictModelError(served, settings, catalogue);
  // An answer that does not fit its schema came whole all the same.
  if (options.showsReceipt && (collected.error === undefined || outcome.answer.id !== undefined)) {
    await showReceipt(collected, chat, options, context, catalogue, hurry);
  }
  if (!options.isQuiet) {
    sayBookNotes(chat.book, context, options.theme);
    sayUnkept(chat.transcript, context);
  }
  return { ...collected, ...outcome, ...(error === undefined ? {} : { error }) };
}

async function showReceipt(
  outcome: TurnOutcome,
  chat: Chat,
  options: ChatOptions,
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
    lookedUpCost:
      outcome.steps === undefined ? bill?.cost : (await import('../core/tools/add-answers.ts')).costOf(outcome.steps, bill?.cost),
    toolCalls: outcome.steps?.flatMap(({ calls }) => calls).length,
  });
  const { stderr } = context.streams;
  const { paint } = createTheme(options.theme, stderr, context.env);
  const text = receiptText(receipt, stderr.columns || undefined);
  for (const warning of text.warnings) stderr.write(`${paint(['warning'], warning)}\n`);
  stderr.write(`${paint(['dim'], text.line)}\n`);
}
