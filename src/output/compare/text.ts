import type { Writable } from 'node:stream';
import { isFinal, type Lane } from '../../core/compare/state.ts';
import type { CompareStep } from '../../core/compare/compare.ts';
import { batchWriter } from '../text/batch-writer.ts';
import { laneNote, wholeLaneName } from './lane.ts';
import { styled } from '../text/terminal-border.ts';
import type { Theme } from '../text/theme.ts';
import { visibleTextStream } from '../text/visible.ts';
import { wrapRows } from '../text/wrap-rows.ts';

export interface CompareTextOptions {
  stdout: Writable & { isTTY?: boolean };
  theme: Theme;
}

/**
 * Writes the answers one after another under headings, in the order of the lanes: the first unfinished lane while it streams,
 * later lanes when it is their turn. Text is exact in a pipe and made visible on a terminal.
 */
export interface CompareText {
  /** Handles a step. If it returns a promise, wait for it: the reader is slower. */
  see: (step: CompareStep) => void | Promise<void>;
  end: () => Promise<void>;
}

/** Returns a writer of the answers to `stdout`. */
export function comparisonText({ stdout, theme }: CompareTextOptions): CompareText {
  const writer = batchWriter(styled(stdout));
  let turn = 0;
  let section: LaneSection | undefined;
  const startSection = (lane: Lane): LaneSection =>
    laneSection(lane, { theme, isFirst: turn === 0, shape: stdout.isTTY === true ? visibleTextStream() : EXACT });

  return {
    see({ change, state }) {
      if (change.lane !== turn) return;
      let text = '';
      if (change.type === 'event') {
        if (change.event.type !== 'text-delta') return;
        section ??= startSection(state.lanes[turn]!);
        return writer.add(section.push(change.event.text));
      }
      // The current lane has ended. Later lanes may have ended before.
      for (let lane = state.lanes[turn]; lane !== undefined; lane = state.lanes[turn]) {
        if (section === undefined && lane.answer.text !== '') {
          section = startSection(lane);
          text += section.push(lane.answer.text);
        }
        if (!isFinal(lane)) break;
        section ??= startSection(lane);
        text += section.end(lane);
        section = undefined;
        turn += 1;
      }
      return writer.add(text);
    },
    end: () => writer.end(),
  };
}

/**
 * Returns the whole comparison as text, for when the live part of the screen is gone. `texts` are the formatted answers, one for
 * each lane.
 */
export function lanesText(
  lanes: readonly Lane[],
  { theme, texts, width }: { theme: Theme; texts: readonly string[]; width: number },
): string {
  return lanes
    .map((lane, index) => {
      const section = laneSection(lane, { theme, isFirst: index === 0, shape: EXACT, width });
      return section.push(texts[index]!) + section.end(lane);
    })
    .join('');
}

/** Transforms text piece by piece before it is written. */
interface TextShape {
  push: (piece: string) => string;
  end: () => string;
}

/** Changes nothing. */
const EXACT: TextShape = { push: (piece) => piece, end: () => '' };

interface LaneSection {
  push: (text: string) => string;
  end: (lane: Lane) => string;
}

function laneSection(lane: Lane, options: { theme: Theme; isFirst: boolean; shape: TextShape; width?: number }): LaneSection {
  let heading = `${options.isFirst ? '' : '\n'}${options.theme.paint(['strong'], `## ${wholeLaneName(lane)}`)}\n\n`;
  let last = '';
  const withHeading = (text: string): string => {
    last = text.at(-1) ?? last;
    const whole = heading + text;
    heading = '';
    return whole;
  };
  return {
    push: (text) => withHeading(options.shape.push(text)),
    end(finished) {
      const rest = withHeading(options.shape.end());
      const hasText = last !== '';
      const note = wrapped(laneNote(finished), options.width);
      return `${rest}${hasText && last !== '\n' ? '\n' : ''}${hasText && note !== '' ? '\n' : ''}${note}`;
    },
  };
}

/** Returns a line in rows of at most `width` columns; unchanged without a width. */
function wrapped(line: string, width: number | undefined): string {
  if (width === undefined || line === '') return line;
  return wrapRows(line.trimEnd(), width)
    .map(({ text }) => `${text}\n`)
    .join('');
}
