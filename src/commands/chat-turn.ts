import type { Answer } from '../core/answer.ts';
import { chatRequest } from '../core/chat-request.ts';
import { collectAnswer, type Outcome } from '../core/collect-answer.ts';
import { metered } from '../core/metered.ts';
import { retrying } from '../core/retrying.ts';
import { isSameModel } from '../core/served-model.ts';
import type { Settings } from '../core/settings.ts';
import { OrxError } from '../errors.ts';
import { answerView } from '../output/answer-view.ts';
import { retryText } from '../output/retry-text.ts';
import type { Catalogue } from '../providers/catalogue.ts';
import type { Message, StreamCompletion } from '../providers/completion.ts';
import type { Provider } from '../providers/provider.ts';
import type { ChatOptions } from './chat-options.ts';
import type { Context } from './context.ts';

/** Whom one run of chat asks. */
export interface Chat {
  settings: Settings;
  provider: Provider;
  stream: StreamCompletion;
}

export async function openChat(settings: Settings, context: Context): Promise<Chat> {
  const provider = await context.openProvider(settings, { requireKey: true });
  const { clock } = context;
  const stream = retrying(provider.streamCompletion, { retries: settings.retries, sleep: clock.sleep, random: Math.random });
  return { settings, provider, stream: metered(stream, clock.monotonic) };
}

/** Asks once and shows the answer and its receipt. The outcome's error is what the process should end with. */
export async function runTurn(
  messages: readonly Message[],
  chat: Chat,
  options: ChatOptions,
  context: Context,
  signal: AbortSignal,
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
    : answerView(options.format, stdout, settings.model);
  const outcome = await collectAnswer(chat.stream(chatRequest(messages, settings), { signal }), (event) => {
    if (event.type === 'retry' && options.showsReceipt && !options.isLive) {
      stderr.write(`${retryText(event.error, event.attempt, event.waitMs)}\n`);
    }
    return view.see(event);
  });
  await view.end(outcome);

  const catalogue = await catalogueIfNeeded(outcome.answer, chat, options, context);
  const error = outcome.error ?? otherModel(outcome.answer, settings, catalogue);
  if (options.showsReceipt && (outcome.error === undefined || outcome.answer.id !== undefined)) {
    await showReceipt(outcome, chat, context, catalogue);
  }
  return error === undefined ? outcome : { answer: outcome.answer, error };
}

async function showReceipt(outcome: Outcome, chat: Chat, context: Context, catalogue: Catalogue | undefined): Promise<void> {
  // Measuring the width of text takes longer to load than a whole answer in a pipe: only where a receipt is shown.
  const [{ lookUpCost }, { receiptOf }, { receiptText }, { styleFor }] = await Promise.all([
    import('../core/look-up-cost.ts'),
    import('../core/receipt.ts'),
    import('../output/receipt-text.ts'),
    import('../output/style.ts'),
  ]);
  const { answer, error } = outcome;
  const isStopped = error instanceof OrxError && error.kind === 'interrupted';
  const needsLookUp = isStopped && answer.usage === undefined && answer.id !== undefined;
  const lookedUpCost = needsLookUp ? await lookUpCost(chat.provider, answer.id!, context.clock.sleep) : undefined;
  const receipt = receiptOf(answer, {
    asked: chat.settings.model,
    state: error === undefined ? 'complete' : isStopped ? 'stopped' : 'failed',
    catalogue,
    lookedUpCost,
  });
  const { stderr } = context.streams;
  const style = styleFor(stderr, context.env);
  const text = receiptText(receipt, stderr.columns);
  if (text.warning !== undefined) stderr.write(`${style('yellow', text.warning)}\n`);
  if (error === undefined && answer.text === '' && answer.toolCalls.length === 0 && answer.images.length === 0) {
    stderr.write(
      `${style('yellow', `! the answer is empty${answer.finishReason === 'length' ? ': raise --max-tokens' : ''}`)}\n`,
    );
  }
  stderr.write(`${style('dim', text.line)}\n`);
}

function otherModel({ model = '' }: Answer, settings: Settings, catalogue: Catalogue | undefined): OrxError | undefined {
  if (!settings['strict-model'] || isSameModel(settings.model, model, catalogue?.models)) return undefined;
  return new OrxError(`${model} answered, not ${settings.model}`, {
    kind: 'model-mismatch',
    hints: ['leave out --fallback, or accept other models with: orx config set strict-model false'],
  });
}

/** Names alone mostly tell that the right model answered; only where they differ the catalogue is asked. */
async function catalogueIfNeeded(
  { model = '' }: Answer,
  chat: Chat,
  options: ChatOptions,
  context: Context,
): Promise<Catalogue | undefined> {
  const { settings } = chat;
  if ((!options.showsReceipt && !settings['strict-model']) || isSameModel(settings.model, model)) return undefined;
  try {
    return (await context.readCatalogue(settings, { preferStored: true, signal: context.interrupt })).catalogue;
  } catch {
    // Without a catalogue the names have to do.
    return undefined;
  }
}
