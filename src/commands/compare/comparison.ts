import type { ChatSettings } from '../../core/settings/groups.ts';
import type { LanePlan } from '../../core/compare/lane-plan.ts';
import { type ComparisonQuote, runningCost } from '../../core/compare/quote-lanes.ts';
import { compare } from '../../core/compare/compare.ts';
import type { CompareState, Lane } from '../../core/compare/state.ts';
import { emptyNotice } from '../../core/answer/missing.ts';
import { failureText, laneReceipt, wholeLaneName } from '../../output/compare/lane.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { OrxError } from '../../errors.ts';
import { type StreamCompletion } from '../../apis/completion.ts';
import { messageText } from '../../apis/message.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import { catalogueForDoubts, strictModelError } from '../catalogue/asked-model.ts';
import { gatherMsOf } from '../is-drawable.ts';
import { openChat } from '../turn/open.ts';
import type { CompareRunOptions } from './options.ts';
import { findLane } from './find-lane.ts';
import { type ComparisonShown, showComparison, type ShownComparison, showRanking } from './views.ts';
import type { Context } from '../context.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';

/** A comparison within a conversation, or one with more than answers and a ranking. */
export interface PartOf extends Pick<ComparisonShown, 'instead' | 'judged'> {
  /** The conversation of the requests in the ledger and in budgets. Default: a new one. */
  conversation?: string | undefined;
  /** The template that all lanes use, for the ledger. */
  template?: string | undefined;
  /** The prices of each request, to estimate its cost while it streams. */
  prices?: ComparisonQuote['prices'] | undefined;
  /** Returns the same stream and adds up its cost. */
  counted?: (stream: StreamCompletion) => StreamCompletion;
}

/**
 * Sends the requests of all lanes, and shows the answers and their ranking; a ranking by quality is shown by the caller, after the judge. Resolves to the comparison and whether somebody watched it; throws the error that the
 * process ends with.
 */
export async function runComparison(
  plans: readonly LanePlan[],
  settings: ChatSettings,
  options: CompareRunOptions,
  context: Context,
  part: PartOf,
): Promise<ShownComparison> {
  const base = options.diffAgainst === undefined ? undefined : findLane(options.diffAgainst, plans, '--diff');
  const { stream: sent, accounting } = await openChat('compare', settings, context, {
    conversation: part.conversation,
    template: part.template,
    models: [...new Set(plans.map(({ model }) => model))],
  });
  const stream = part.counted?.(sent) ?? sent;
  const stops = plans.map(() => new AbortController());
  const steps = compare({
    plans,
    stream,
    monotonic: context.clock.monotonic,
    signal: context.lifetime.interrupt,
    stops: stops.map(({ signal }) => signal),
    gatherMs: gatherMsOf(options),
  });
  const shown = await showComparison(
    {
      prompt: messageText(plans[0]!.messages.at(-1)!),
      plans,
      steps,
      options,
      base,
      isSandbox: settings.sandbox,
      prose: settings.width,
      stop: context.lifetime.pressCtrlC,
      stopLane: (lane) => stops[lane]?.abort(new OrxError('stopped', { kind: 'interrupted', code: 'lane-stopped' })),
      runningCost: (lane, index) => runningCost(lane, part.prices?.[index]),
      instead: part.instead,
      judged: part.judged,
    },
    context,
  );
  const { state } = shown;
  const served = state.lanes.map(({ model, answer }) => ({ asked: model, model: answer.model }));
  const needsCatalogue = !options.isQuiet || settings['strict-model'];
  const catalogue = needsCatalogue ? await catalogueForDoubts(served, settings, context) : undefined;
  if (!options.isQuiet) printReceipts(state, catalogue, { ...options, isSandbox: settings.sandbox }, context);
  printAccountingNotes(accounting, context, options);
  printEmpty(state, context);
  const error = failureOf(state, context.lifetime.interrupt) ?? strictModelError(served, settings, catalogue);
  if (error !== undefined) {
    // No judge is asked after an error, so this ranking has no quality.
    if (options.rankBy === 'quality' && options.format === 'text')
      await showRanking(state, { options, isSandbox: settings.sandbox }, context);
    throw error;
  }
  return shown;
}

/** Prints an error for each lane without an answer, even with -q. */
function printEmpty({ lanes }: CompareState, { terminal: { streams, themeOf } }: Context): void {
  const { paint } = themeOf(streams.stderr);
  for (const lane of lanes) {
    const reason = isMissing(lane) ? failureText(lane.error ?? emptyNotice(lane.answer)) : undefined;
    if (reason !== undefined) styled(streams.stderr).write(`${paint(['warning'], `error: ${wholeLaneName(lane)}: ${reason}`)}\n`);
  }
}

/** Returns whether a finished answer lacks all or part of what was requested. */
function isMissing({ state, answer, error }: Lane): boolean {
  return state === 'done' ? emptyNotice(answer) !== undefined : answer.finishReason !== undefined && error !== undefined;
}

/** Always prints which model answered instead of the requested one; prints whole receipts only on request. */
function printReceipts(
  { lanes }: CompareState,
  catalogue: Catalogue | undefined,
  { showsReceipts, isSandbox }: Pick<CompareRunOptions, 'showsReceipts'> & { isSandbox: boolean },
  { terminal: { streams, themeOf } }: Context,
): void {
  const { paint } = themeOf(streams.stderr);
  for (const lane of lanes.filter(({ answer }) => answer.id !== undefined)) {
    const { warnings, line } = laneReceipt(lane, catalogue, isSandbox);
    for (const warning of warnings) styled(streams.stderr).write(`${paint(['warning'], warning)}\n`);
    if (showsReceipts) styled(streams.stderr).write(`${paint(['dim'], line)}\n`);
  }
}

/** Returns the error of a stopped comparison. If no lane answered, the error of the first that failed, or was stopped alone. */
function failureOf({ lanes }: CompareState, interrupt: AbortSignal): unknown {
  const stopped = lanes.find(({ state }) => state === 'stopped');
  if (interrupt.aborted && stopped !== undefined) return stopped.error;
  if (lanes.some(({ state }) => state === 'done')) return undefined;
  return (lanes.find(({ state }) => state === 'failed') ?? lanes[0]!).error;
}
