import { finishedText } from '../../ui/chat/finished-text.ts';
import { emptyReason } from '../../core/answer/missing.ts';
import { type CompareState, type Lane, startCompare } from '../../core/compare/state.ts';
import { promptHash } from '../../core/judge/question.ts';
import type { ConnectionSettings } from '../../core/settings/groups.ts';
import { styled } from '../../output/text/terminal-border.ts';
import { visibleLine } from '../../output/text/visible.ts';
import { wrapWords } from '../../output/text/wrap-rows.ts';
import { write } from '../../output/text/write-stream.ts';
import type { VoteChoice } from '../../storage/decisions/records.ts';
import { VERSION } from '../../version.ts';
import type { ComparisonShown } from '../compare/views.ts';
import type { Context } from '../context.ts';
import { boardNames, storedLane } from './stored-lane.ts';

/**
 * Shows a comparison without the names, the speed and the cost of its lanes until the user has voted. All answers appear together,
 * because a fast one would give its model away.
 */
export interface BlindVote {
  show: (shown: ComparisonShown, context: Context) => Promise<CompareState>;
  /** The user ended the command in place of a vote. */
  isInterrupted: () => boolean;
  /** Throws if the vote could not be stored. */
  finish: () => void;
}

export function openBlindVote(settings: ConnectionSettings): BlindVote {
  let failure: unknown;
  let isInterrupted = false;
  return {
    isInterrupted: () => isInterrupted,
    async show(shown, context) {
      const { streams } = context.terminal;
      const state = await waitForAnswers(shown, context);
      if (state.lanes.some((lane) => lane.state === 'stopped')) return state;
      const voted = state.lanes.flatMap((lane, index) => (canBeVotedFor(lane) ? [index] : []));
      if (voted.length < 2) {
        streams.stderr.write('note: there is no vote with fewer than two answers\n');
        return state;
      }
      const slots = shuffled(voted);
      await showSlots(
        slots.map((index) => state.lanes[index]!),
        shown,
        context,
      );
      const startedAt = context.clock.monotonic();
      const choice = await askChoice(slots.length, context);
      const names = boardNames(state.lanes);
      await write(streams.stdout, `\n${slots.map((index, slot) => `${slot + 1}  ${visibleLine(names[index]!)}\n`).join('')}`);
      if (choice === undefined || choice === 'interrupted') {
        isInterrupted = choice === 'interrupted';
        // In raw mode, Ctrl-C is a key without a signal.
        if (isInterrupted && !context.lifetime.interrupt.aborted) context.lifetime.pressCtrlC();
        streams.stderr.write('note: no vote recorded\n');
        return state;
      }
      try {
        (await context.stores.for(settings).openDecisions()).addVote({
          type: 'vote',
          version: 1,
          at: context.clock.now(),
          prompt: promptHash(shown.plans.map(({ messages }) => messages)),
          lanes: voted.map((index) => storedLane(names[index]!, state.lanes[index]!)),
          slots: slots.map((index) => voted.indexOf(index)),
          choice: typeof choice === 'number' ? { best: voted.indexOf(slots[choice]!) } : choice,
          shownMs: Math.round(context.clock.monotonic() - startedAt),
          orx: VERSION,
        });
        streams.stderr.write('vote recorded: orx compare --board votes\n');
      } catch (error) {
        failure = error;
      }
      return state;
    },
    finish() {
      if (failure !== undefined) throw failure;
    },
  };
}

async function waitForAnswers({ plans, steps }: ComparisonShown, context: Context): Promise<CompareState> {
  let state = startCompare(plans, context.clock.monotonic());
  context.terminal.streams.stderr.write(`waiting for ${plans.length} answers; names, speed and cost appear after your vote\n`);
  for await (const step of steps) state = step.state;
  return state;
}

function canBeVotedFor({ state, answer }: Lane): boolean {
  return state === 'done' && emptyReason(answer) === undefined && answer.text.trim() !== '';
}

async function showSlots(lanes: readonly Lane[], { options, prose }: ComparisonShown, { terminal }: Context): Promise<void> {
  const { stdout } = terminal.streams;
  const theme = terminal.themeOf(stdout);
  const format = { width: Math.max(1, stdout.columns - 1), prose, theme, isMarkdown: options.isMarkdown };
  for (const [slot, { answer }] of lanes.entries()) {
    const text = await finishedText(answer.text, format);
    await write(styled(stdout), `\n${theme.paint(['strong'], `## Answer ${slot + 1}`)}\n\n${text}`);
  }
}

/** Keys that skip the vote: s, Ctrl-D, Esc. */
const SKIP: readonly string[] = ['s', '\u0004', '\u001b'];

/** Resolves to the slot that was chosen, from 0, or to a tie; undefined if the user skipped the vote, `interrupted` on Ctrl-C. */
async function askChoice(
  count: number,
  { terminal, lifetime }: Context,
): Promise<number | Exclude<VoteChoice, object> | 'interrupted' | undefined> {
  const { streams, openSessionServices } = terminal;
  const services = await openSessionServices();
  const digits = Array.from({ length: count }, (_, index) => String(index + 1)).join('');
  const question = `best answer: 1-${count} · 0 or = all alike · - none is good · s skip`;
  streams.stdin.ref();
  const rows = wrapWords(question, streams.stdout.columns).join('\n');
  const key = await services.askKey(`\n${rows} `, `${digits}0=-${SKIP.join('')}`, lifetime.interrupt);
  if (key === undefined) return 'interrupted';
  if (SKIP.includes(key)) return undefined;
  if (key === '0' || key === '=') return 'alike';
  return key === '-' ? 'bad' : Number(key) - 1;
}

function shuffled(values: readonly number[]): number[] {
  const order = [...values];
  for (let index = order.length - 1; index > 0; index -= 1) {
    const other = Math.floor(Math.random() * (index + 1));
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}
