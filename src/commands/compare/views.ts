import type { Decimal } from '../../decimal.ts';
import { type CompareState, type Lane, startCompare } from '../../core/compare/state.ts';
import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { CompareStep } from '../../core/compare/compare.ts';
import type { Quality } from '../../core/statistics/quality.ts';
import { rankLanes } from '../../core/compare/ranking.ts';
import { compareJson } from '../../output/compare/json.ts';
import { comparisonText, lanesText } from '../../output/compare/text.ts';
import { rankingTable, type RankingJudge } from '../../output/compare/ranking-table.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import type { Theme } from '../../output/text/theme.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { writeJson } from '../../output/text/write-json.ts';
import { write } from '../../output/text/write-stream.ts';
import { answerDiffJson, diffRows, diffText, diffTitle } from '../../output/compare/diff.ts';
import { laneDiffs } from '../../core/compare/lane-diffs.ts';
import type { CompareRunOptions } from './options.ts';
import type { Context } from '../context.ts';

export interface ComparisonShown {
  isSandbox: boolean;
  prompt: string;
  plans: readonly LanePlan[];
  steps: AsyncIterable<CompareStep>;
  options: CompareRunOptions;
  /** The lane that each answer is compared with, from 0. Undefined: no diff. */
  base: number | undefined;
  /** The width, in columns, of the answers that remain after Ink has ended. */
  prose: number;
  /** Ends the steps on the user's request. */
  stop: () => void;
  /** Ends the steps of one lane on the user's request. */
  stopLane: (lane: number) => void;
  /** Returns what a lane has cost so far, if its cost is not billed yet and its prices are known. */
  runningCost: (lane: Lane, index: number) => Decimal | undefined;
  /** Shows the comparison in another way until all answers are there. */
  instead?: ((shown: ComparisonShown, context: Context) => Promise<CompareState>) | undefined;
  /** Judges the answers for the JSON output. */
  judged?: ((state: CompareState) => Promise<JudgedComparison>) | undefined;
}

/** What a judge adds to a comparison. */
export interface JudgedComparison {
  /** More fields of the JSON output. */
  fields: Readonly<Record<string, unknown>>;
  /** Of the lanes, by number. */
  qualities: ReadonlyMap<number, Quality>;
}

/** A comparison that has been shown. */
export interface ShownComparison {
  state: CompareState;
  /** The user has pressed a key while it was shown. */
  isAttended: boolean;
}

/** Shows a comparison on standard output while it runs and when it is finished. Resolves to its result. */
export async function showComparison(shown: ComparisonShown, context: Context): Promise<ShownComparison> {
  if (shown.options.format === 'json') return { state: await showJson(shown, context), isAttended: false };
  const end = await shownOnce(shown, context);
  const { state } = end;
  // A ranking by quality needs the judge, who is asked last.
  if (shown.options.rankBy !== 'quality') await showRanking(state, shown, context);
  if (shown.base !== undefined) await writeDiffs(state, shown.base, context);
  return end;
}

/** Prints the ranking, unless only the answers are wanted. */
export async function showRanking(
  state: CompareState,
  { options, isSandbox }: Pick<ComparisonShown, 'options' | 'isSandbox'>,
  { terminal: { streams, themeOf } }: Context,
  quality?: { judge: RankingJudge; qualities: ReadonlyMap<number, Quality> } | undefined,
): Promise<void> {
  if (options.isQuiet) return;
  const { stdout } = streams;
  await write(stdout, '\n');
  // The rows of the table may be piped to a program, so only a terminal gets this line.
  if (isSandbox && stdout.isTTY) await write(styled(stdout), sandboxLine(themeOf(stdout)));
  const ranking = rankLanes(state, options.rankBy, quality?.qualities);
  await write(stdout, rankingTable(ranking, stdout.isTTY ? stdout.columns : undefined, quality?.judge));
}

async function shownOnce(shown: ComparisonShown, context: Context): Promise<ShownComparison> {
  // A key was pressed to open this view, so someone is watching.
  if (shown.instead !== undefined) return { state: await shown.instead(shown, context), isAttended: true };
  if (shown.options.isLive) return showLive(shown, context);
  return { state: await showText(shown, context), isAttended: false };
}

async function writeDiffs(state: CompareState, base: number, { terminal: { streams, themeOf } }: Context): Promise<void> {
  const { stdout } = streams;
  const diffs = await laneDiffs(state.lanes, base);
  if (!stdout.isTTY) return write(stdout, diffs.map((diff) => `\n${diffTitle(diff)}\n\n${diffText(diff.pieces)}`).join(''));
  const theme = themeOf(stdout);
  for (const diff of diffs) {
    const rows = diffRows(diff.pieces, Math.max(1, stdout.columns - 1), theme);
    await write(styled(stdout), `\n${theme.paint(['strong'], diffTitle(diff))}\n\n${rows.join('\n')}\n`);
  }
}

function sandboxLine({ paint }: Theme): string {
  return `  ${paint(['warning'], SANDBOX_LABEL)} · answers and costs are simulated\n`;
}

async function showJson(
  { isSandbox, prompt, plans, steps, options, base, judged }: ComparisonShown,
  context: Context,
): Promise<CompareState> {
  let state = startCompare(plans, context.clock.monotonic());
  for await (const step of steps) state = step.state;
  const judgment = await judged?.(state);
  const ranking = rankLanes(state, options.rankBy, judgment?.qualities);
  const json = compareJson(prompt, state, ranking, options.rankBy);
  await writeJson(context.terminal.streams.stdout, {
    ...(isSandbox && { sandbox: true }),
    ...json,
    ...(base !== undefined && { diffs: (await laneDiffs(state.lanes, base)).map(answerDiffJson) }),
    ...judgment?.fields,
  });
  return state;
}

async function showText(
  { plans, steps }: ComparisonShown,
  { terminal: { streams, themeOf }, clock }: Context,
): Promise<CompareState> {
  const text = comparisonText({ stdout: streams.stdout, theme: themeOf(streams.stdout) });
  let state = startCompare(plans, clock.monotonic());
  for await (const step of steps) {
    state = step.state;
    await text.see(step);
  }
  await text.end();
  return state;
}

/** Shows the lanes side by side while they stream, then one after another, so that they can be scrolled and copied. */
async function showLive(
  { isSandbox, prompt, plans, steps, options, prose, stop, stopLane, runningCost }: ComparisonShown,
  { terminal: { streams, themeOf }, lifetime, clock }: Context,
): Promise<ShownComparison> {
  const [{ runCompareApp }, { finishedText }] = await Promise.all([
    import('../../ui/compare/app.tsx'),
    import('../../ui/chat/finished-text.ts'),
  ]);
  const { stdin, stdout } = streams;
  const theme = themeOf(stdout);
  const end = await runCompareApp({
    steps,
    plans,
    isSandbox,
    prompt,
    stdin,
    stdout,
    jobControl: lifetime.jobControl,
    theme,
    monotonic: clock.monotonic,
    isMarkdown: options.isMarkdown,
    prose,
    runningCost,
    signal: lifetime.interrupt,
    onStop: stop,
    onStopLane: stopLane,
  });
  const { state } = end;
  const frameOptions = { width: Math.max(1, stdout.columns - 1), prose, theme, isMarkdown: options.isMarkdown };
  const texts = await Promise.all(state.lanes.map(({ answer }) => finishedText(answer.text, frameOptions)));
  await write(styled(stdout), lanesText(state.lanes, { theme, texts, width: Math.min(prose, frameOptions.width) }));
  return end;
}
