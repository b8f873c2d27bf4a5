import { emptyReason, isCut } from '../../core/answer/missing.ts';
import {
  type Lane,
  laneCost,
  laneReasoning,
  laneThroughput,
  laneTimeToFirstToken,
  laneTokens,
} from '../../core/compare/state.ts';
import { isSameModel } from '../../core/model-id/served-model.ts';
import type { Decimal } from '../../decimal.ts';
import { failureText, laneLabel, laneName, wholeLaneName } from '../../output/compare/lane.ts';
import { moneyText } from '../../output/text/money.ts';
import { countText, secondsText, throughputText } from '../../output/text/number.ts';
import { nameWithoutAuthor } from '../../output/text/model-name.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Span } from '../screen/line.ts';
import { cutNames } from '../../output/table/cut-names.ts';
import { cutText, textWidth } from '../../output/text/width.ts';

/** Returns the cost of a lane so far, if it is not billed yet. */
export type RunningCost = (lane: Lane, index: number) => Decimal | undefined;

/**
 * Returns the titles of the lanes in at most `width` columns each: the model, or a warning if another model or provider answered.
 * If all names fit they are shown whole, otherwise without authors.
 */
export function laneTitles(lanes: readonly Lane[], width: number): Span[] {
  const isRoom = lanes.every((lane) => textWidth(wholeLaneName(lane)) <= width);
  const names = cutNames(
    lanes.map((lane) => (isRoom ? wholeLaneName(lane) : laneLabel(lane, lanes))),
    width,
    'model',
  );
  return lanes.map((lane, index): Span => {
    const { answer, endpoint, model } = lane;
    const served = answer.model ?? '';
    if (!isSameModel(model, served)) {
      const text = `! ${visibleLine(nameWithoutAuthor(served))}, not ${laneName(lane, lanes)}`;
      return { text: cutText(text, width), tone: 'warning' };
    }
    if (endpoint !== undefined && answer.provider !== undefined && answer.provider !== endpoint.provider)
      return { text: cutText(`! ${visibleLine(answer.provider)}, not ${visibleLine(endpoint.tag)}`, width), tone: 'warning' };
    return { text: names[index]!, tone: 'bold' };
  });
}

/** Returns the state of a lane in words, with its time, in at most `width` columns if the mark and the word fit. */
export function laneStateText(lane: Lane, now: number, width: number): Span {
  const elapsed = secondsShort((lane.endedAt ?? now) - lane.startedAt);
  const firstTokenMs = laneTimeToFirstToken(lane);
  const first = firstTokenMs === undefined ? undefined : `first ${secondsText(firstTokenMs)}`;
  switch (lane.state) {
    case 'waiting': {
      const { retry } = lane;
      if (retry === undefined) return { text: `◌ waiting ${elapsed}`, tone: 'dim' };
      const seconds = Math.max(0, Math.ceil((retry.dueAt - now) / 1000));
      return { text: cutText(`◌ retry in ${seconds} s: ${failureText(retry.error)}`, width), tone: 'warning' };
    }
    case 'streaming': {
      const isThinking = lane.answer.text === '' && laneReasoning(lane, now) !== undefined;
      return { text: fitting(isThinking ? '● thinking' : '● streaming', [elapsed, first], width), tone: 'live' };
    }
    case 'done':
      // A complete response without text, image or audio counts as empty.
      if (emptyReason(lane.answer) !== undefined) return { text: fitting('! empty', [elapsed, first], width), tone: 'warning' };
      if (isCut(lane.answer)) return { text: fitting('! cut off', [elapsed, first], width), tone: 'warning' };
      return { text: fitting('✓ done', [elapsed, first], width), tone: 'good' };
    case 'failed':
      return { text: fitting('✗ failed', [elapsed], width), tone: 'bad' };
    case 'stopped':
      return { text: fitting('– stopped', [elapsed, first], width), tone: 'warning' };
  }
}

/**
 * Returns speed, tokens and cost of a lane; ~ marks an estimate. Figures that do not fit `width` columns are left out, because a cut
 * figure is a wrong figure.
 */
export function laneFigureText(lane: Lane, now: number, width: number, running: Decimal | undefined): string {
  const throughput = laneThroughput(lane, now);
  const speed =
    throughput === undefined ? undefined : `${throughput.isEstimate ? '~' : ''}${throughputText(throughput.tokensPerSecond)}`;
  const counted = laneTokens(lane);
  const tokens = counted && `${counted.isEstimate ? '~' : ''}${countText(counted.tokens)} tokens`;
  const billed = laneCost(lane);
  const estimate = running === undefined ? undefined : `~${moneyText(running)}`;
  const cost = billed === undefined ? estimate : moneyText(billed);
  const choices = [[speed, tokens, cost], [speed, cost], [cost ?? speed]].map(joined);
  return choices.find((text) => textWidth(text) <= width) ?? '';
}

/** Returns a lane in one line: state, times and figures, as many as fit. */
export function laneTileText(lane: Lane, now: number, width: number, running: Decimal | undefined): Span {
  const state = laneStateText(lane, now, width);
  const room = width - textWidth(state.text) - SEPARATOR.length;
  const figures = room < 1 ? '' : laneFigureText(lane, now, room, running);
  return { ...state, text: figures === '' ? state.text : state.text + SEPARATOR + figures };
}

const SEPARATOR = ' · ';

function fitting(mark: string, parts: readonly (string | undefined)[], width: number): string {
  for (let count = parts.length; count > 0; count -= 1) {
    const rest = joined(parts.slice(0, count));
    const text = rest === '' ? mark : `${mark} ${rest}`;
    if (textWidth(text) <= width) return text;
  }
  return mark;
}

function joined(parts: readonly (string | undefined)[]): string {
  return parts.filter((part) => part !== undefined).join(SEPARATOR);
}

function secondsShort(ms: number): string {
  return `${(Math.max(0, ms) / 1000).toFixed(1)} s`;
}
