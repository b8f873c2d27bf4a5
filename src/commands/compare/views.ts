import { type CompareState, startCompare } from '../../core/compare/state.ts';
import type { LanePlan } from '../../core/compare/lane-plan.ts';
import type { CompareStep } from '../../core/compare/compare.ts';
import { rankLanes } from '../../core/compare/ranking.ts';
import { compareJson } from '../../output/compare/json.ts';
import { comparisonText, lanesText } from '../../output/compare/text.ts';
import { rankingTable } from '../../output/compare/ranking-table.ts';
import { SANDBOX_LABEL } from '../../output/text/sandbox-label.ts';
import type { Theme } from '../../output/text/theme.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { writeJson } from '../../output/text/write-json.ts';
import { write } from '../../output/text/write-stream.ts';
import type { CompareRunOptions } from './options.ts';
import type { Context } from '../context.ts';

export interface ComparisonShown {
  isSandbox: boolean;
  prompt: string;
  plans: readonly LanePlan[];
  steps: AsyncIterable<CompareStep>;
  options: CompareRunOptions;
  /** The width, in columns, of the answers that remain after Ink has ended. */
  prose: number;
  /** Ends the steps on the user's request. */
  stop: () => void;
  /** Shows the comparison in another way until all answers are there. */
  instead?: ((shown: ComparisonShown, context: Context) => Promise<CompareState>) | undefined;
  /** Returns more fields of the JSON output. */
  more?: ((state: CompareState) => Promise<Readonly<Record<string, unknown>>>) | undefined;
}

/** Shows a comparison on standard output while it runs and when it is finished. Resolves to its result. */
export async function showComparison(shown: ComparisonShown, context: Context): Promise<CompareState> {
  if (shown.options.format === 'json') return showJson(shown, context);
  const view = shown.instead ?? (shown.options.isLive ? showLive : showText);
  const state = await view(shown, context);
  if (!shown.options.isQuiet) {
    const { stdout } = context.terminal.streams;
    await write(stdout, '\n');
    // The rows of the table may be piped to a program, so only a terminal gets this line.
    if (shown.isSandbox && stdout.isTTY) await write(styled(stdout), sandboxLine(context.terminal.themeOf(stdout)));
    await write(stdout, `${rankingTable(rankLanes(state, shown.options.rankBy), stdout.isTTY ? stdout.columns : undefined)}`);
  }
  return state;
}

function sandboxLine({ paint }: Theme): string {
  return `  ${paint(['warning'], SANDBOX_LABEL)} · answers and costs are simulated\n`;
}

async function showJson(
  { isSandbox, prompt, plans, steps, options, more }: ComparisonShown,
  context: Context,
): Promise<CompareState> {
  let state = startCompare(plans, context.clock.monotonic());
  for await (const step of steps) state = step.state;
  const ranking = rankLanes(state, options.rankBy);
  const json = compareJson(prompt, state, ranking, options.rankBy);
  const added = await more?.(state);
  await writeJson(context.terminal.streams.stdout, { ...(isSandbox && { sandbox: true }), ...json, ...added });
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
  { isSandbox, prompt, plans, steps, options, prose, stop }: ComparisonShown,
  { terminal: { streams, themeOf }, lifetime, clock }: Context,
): Promise<CompareState> {
  const [{ runCompareApp }, { finishedText }] = await Promise.all([
    import('../../ui/compare/app.tsx'),
    import('../../ui/chat/finished-text.ts'),
  ]);
  const { stdin, stdout } = streams;
  const theme = themeOf(stdout);
  const state = await runCompareApp({
    steps,
    plans,
    isSandbox,
    prompt,
    stdin,
    stdout,
    jobControl: lifetime.jobControl,
    theme,
    monotonic: clock.monotonic,
    onStop: stop,
  });
  const frameOptions = { width: Math.max(1, stdout.columns - 1), prose, theme, isMarkdown: options.isMarkdown };
  const texts = await Promise.all(state.lanes.map(({ answer }) => finishedText(answer.text, frameOptions)));
  await write(styled(stdout), lanesText(state.lanes, { theme, texts }));
  return state;
}
