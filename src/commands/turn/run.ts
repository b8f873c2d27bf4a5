import type { Outcome } from '../../core/answer/collect.ts';
import { cutWarning, emptyNotice, emptyReason } from '../../core/answer/missing.ts';
import { answerView, type AnswerView, silentView, wholeView } from '../../output/chat/answer-view.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { OrxError } from '../../errors.ts';
import { errorText } from '../../output/text/error.ts';
import { styled } from '../../output/text/terminal-border.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import type { Turn } from '../../core/conversation/transcript.ts';
import { explainFailure } from '../catalogue/explain-failure.ts';
import { catalogueForDoubts, strictModelError } from '../catalogue/asked-model.ts';
import { gatherMsOf } from '../is-drawable.ts';
import { showWaits } from './show-waits.ts';
import { callReporter } from './call-reporter.ts';
import type { ChatOptions } from './options.ts';
import { citationLines, collectTurn, requestSender, stepFacts } from './ask.ts';
import type { Context } from '../context.ts';
import { watchLongAnswer } from './long-answer.ts';
import type { Chat } from './open.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import { printUnsaved } from './print-unsaved.ts';
import { servedModels, turnReceipt, differenceLines } from './receipt.ts';
import type { TurnOutcome } from './outcome.ts';

/** Runs one turn and shows its answer and receipt. The outcome's error is the one that the process should end with. */
export async function runTurn(
  turn: Turn,
  chat: Chat,
  options: ChatOptions,
  context: Context,
  signal: AbortSignal,
): Promise<TurnOutcome> {
  const { settings } = chat;
  const { stderr } = context.terminal.streams;
  const { view, collected: ended } = await collectTurn(turn.messages(), {
    tools: options.tools,
    isText: options.format === 'text',
    showsLastOnly: options.isSilent || isDeferred(options),
    openView: () => openView(chat, options, context),
    ask: requestSender(chat, turn, signal, {
      gatherMs: gatherMsOf(options),
      // What is drawn knows better when everything is loaded.
      watchLength: options.isLive ? undefined : () => watchLongAnswer(context.lifetime, chat.journal),
    }),
    addUnsent: turn.addUnsent,
    reportCalls: () => callReporter(options, context),
    monotonic: context.clock.monotonic,
    signal,
  });
  const asked = [settings.model, ...(settings.fallback ?? [])];
  const collected =
    ended.error === undefined
      ? ended
      : { ...ended, error: await explainFailure(ended.error, asked, settings, context, { overrides: chat.overrides, signal }) };
  const { outcome, facts, show } = (await chat.finish?.(collected)) ?? { outcome: collected };
  // JSON says whether the conversation is stored.
  if (options.format !== 'text') await flush(chat);
  await view.end(outcome, {
    ...(settings.sandbox && { sandbox: true }),
    ...facts,
    ...emptyFacts(collected),
    ...(await stepFacts(collected)),
  });
  await show?.();
  await flush(chat);
  printEmpty(collected, options.format, context);
  await printCut(outcome, options, settings, context);
  if (options.showsReceipt && options.format === 'text') stderr.write(await citationLines(outcome.answer));

  const served = servedModels(collected).map((model) => ({ asked: settings.model, model }));
  const needsCatalogue = !options.isQuiet || settings['strict-model'];
  const catalogue = needsCatalogue ? await catalogueForDoubts(served, settings, context) : undefined;
  const error = outcome.error ?? strictModelError(served, settings, catalogue);
  // An answer that does not match its schema was complete nevertheless.
  if (options.showsReceipt && (collected.error === undefined || outcome.answer.id !== undefined)) {
    await showReceipt(collected, chat, context, catalogue);
  } else if (!options.isQuiet) {
    await showWarnings(await differenceLines(collected, chat, catalogue), context);
  }
  printAccountingNotes(chat.accounting, context, options);
  printUnsaved(chat.transcript, context);
  return { ...collected, ...outcome, ...(error === undefined ? {} : { error }) };
}

/** Writes what waits for the databases to be opened. */
async function flush({ accounting, transcript }: Chat): Promise<void> {
  await accounting.flush();
  await transcript?.flush();
}

/** Prints a notice for an empty answer, even with -q. In JSON, tool calls count as output. */
function printEmpty(
  { answer, error }: Outcome,
  format: ChatOptions['format'],
  { terminal: { streams, themeOf, secrets } }: Context,
): void {
  const notice = error === undefined ? emptyNotice(answer) : undefined;
  if (notice === undefined || (format !== 'text' && answer.toolCalls.length > 0)) return;
  const { paint } = themeOf(streams.stderr);
  styled(streams.stderr).write(errorText(notice, { secrets, columns: streams.stderr.columns || undefined, paint }));
}

/**
 * Prints a warning for an answer whose end is missing, with -q only if the user has not set the limit. In JSON, `finish_reason` is `length`; if
 * something failed, the error says more.
 */
async function printCut(
  { answer, error }: Outcome,
  { format, isQuiet }: ChatOptions,
  settings: ChatSettings,
  context: Context,
): Promise<void> {
  const isExpected = isQuiet && settings['max-tokens'] !== undefined;
  const warning = error === undefined && format === 'text' && !isExpected ? cutWarning(answer, 'shell') : undefined;
  if (warning !== undefined) await showWarnings([warning], context);
}

function emptyFacts({ answer, error }: Outcome): Readonly<Record<string, unknown>> {
  const isStopped = error instanceof OrxError && error.kind === 'model-mismatch';
  const reason = answer.id === undefined || isStopped ? undefined : emptyReason(answer);
  return reason === undefined ? {} : { empty_reason: reason };
}

/** Returns whether output waits for the end of an answer: only then is it known to be the last of its turn. */
function isDeferred({ isFinalOnly, isLive, format, tools }: ChatOptions): boolean {
  return isFinalOnly === true && !isLive && format === 'text' && tools !== undefined;
}

/** Returns whether another model may replace text that has arrived: nothing that was written to a pipe can be taken back. */
function mayRestart({ overrides }: Chat, { format }: ChatOptions): boolean {
  return format === 'text' && overrides?.wishes?.restart === true;
}

async function openView(chat: Chat, options: ChatOptions, context: Context): Promise<AnswerView> {
  const { stdout } = context.terminal.streams;
  const { model } = chat.settings;
  if (options.isLive) {
    return (await import('../../ui/chat/answer-app.tsx')).showLiveAnswer({
      ...context.terminal.streams,
      model,
      monotonic: context.clock.monotonic,
      showReasoning: options.showsReasoning,
      theme: context.terminal.themeOf(stdout),
      isMarkdown: options.isMarkdown,
      prose: chat.settings.width,
      drawLong: context.lifetime.answerLong,
    });
  }
  const written = answerView(options.format, stdout, model, () => chat.transcript?.session);
  const view = options.isSilent ? silentView : isDeferred(options) || mayRestart(chat, options) ? wholeView(written) : written;
  return options.showsReceipt ? showWaits(view, context) : view;
}

async function showReceipt(outcome: TurnOutcome, chat: Chat, context: Context, catalogue: Catalogue | undefined): Promise<void> {
  const { stderr } = context.terminal.streams;
  const { warnings, line } = await turnReceipt(outcome, chat, context, {
    catalogue,
    width: stderr.columns || undefined,
  });
  await showWarnings(warnings, context);
  styled(stderr).write(`${context.terminal.themeOf(stderr).paint(['dim'], line)}\n`);
}

async function showWarnings(warnings: readonly string[], { terminal: { streams, themeOf } }: Context): Promise<void> {
  if (warnings.length === 0) return;
  const { stderr } = streams;
  const wrap = stderr.columns > 0 ? (await import('../../output/text/wrap-rows.ts')).wrapWords : (line: string) => [line];
  const { paint } = themeOf(stderr);
  for (const row of warnings.flatMap((warning) => wrap(warning, stderr.columns)))
    styled(stderr).write(`${paint(['warning'], row)}\n`);
}
