import { emptyReason } from '../../core/answer/missing.ts';
import { type Lane, laneCost, laneThroughput, laneTimeToFirstToken } from '../../core/compare/state.ts';
import { isSameModel } from '../../core/model-id/served-model.ts';
import { failureText, laneLabel, laneName, wholeLaneName } from '../../output/compare/lane.ts';
import { moneyText } from '../../output/text/money.ts';
import { secondsText, throughputText } from '../../output/text/number.ts';
import { nameWithoutAuthor } from '../../output/text/model-name.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Span } from '../screen/line.ts';
import { cutNames } from '../../output/table/cut-names.ts';
import { cutText, textWidth } from '../../output/text/width.ts';

/**
 * Returns the titles of the lanes in at most `width` columns each: the model, or a warning if a different model answered. If all
 * ids fit they are shown whole, otherwise without authors.
 */
export function laneTitles(lanes: readonly Lane[], width: number): Span[] {
  const isRoom = lanes.every((lane) => textWidth(wholeLaneName(lane)) <= width);
  const names = cutNames(
    lanes.map((lane) => (isRoom ? wholeLaneName(lane) : laneLabel(lane, lanes))),
    width,
    'model',
  );
  return lanes.map((lane, index): Span => {
    const served = lane.answer.model ?? '';
    const name = names[index]!;
    if (isSameModel(lane.model, served)) return { text: name, tone: 'bold' };
    return { text: cutText(`! ${visibleLine(nameWithoutAuthor(served))}, not ${laneName(lane, lanes)}`, width), tone: 'warning' };
  });
}

/**
 * Returns the status of a lane at `now`: mark, tokens per second (~ for an estimate), time to first token, billed cost. Figures
 * that do not fit `width` columns are omitted, because a cut figure is a wrong figure.
 */
export function laneStatus(lane: Lane, now: number, width: number): Span {
  switch (lane.state) {
    case 'waiting':
      return waitingStatus(lane, now);
    case 'streaming':
      return { text: withFigures('●', lane, now, width), tone: 'live' };
    case 'done':
      // A complete response without text, image or audio counts as empty.
      return emptyReason(lane.answer) === undefined
        ? { text: withFigures('✓', lane, now, width), tone: 'good' }
        : { text: withFigures('! empty', lane, now, width), tone: 'warning' };
    case 'failed':
      return { text: '✗ failed', tone: 'bad' };
    case 'stopped':
      return { text: '– stopped', tone: 'warning' };
  }
}

function waitingStatus({ retry, startedAt }: Lane, now: number): Span {
  if (retry === undefined) return { text: `◌ waiting ${((now - startedAt) / 1000).toFixed(1)} s`, tone: 'dim' };
  const seconds = Math.max(0, Math.ceil((retry.dueAt - now) / 1000));
  return { text: `◌ retry in ${seconds} s: ${failureText(retry.error)}`, tone: 'warning' };
}

function withFigures(mark: string, lane: Lane, now: number, width: number): string {
  const throughput = laneThroughput(lane, now);
  const speed =
    throughput === undefined ? undefined : `${throughput.isEstimate ? '~' : ''}${throughputText(throughput.tokensPerSecond)}`;
  const firstTokenMs = laneTimeToFirstToken(lane);
  const firstToken = firstTokenMs === undefined ? undefined : secondsText(firstTokenMs);
  const billed = laneCost(lane);
  const cost = billed === undefined ? undefined : moneyText(billed);
  const choices = [[speed, firstToken, cost], [speed, cost], [cost ?? speed]].map((parts) => {
    const known = parts.filter((part) => part !== undefined);
    return known.length === 0 ? mark : `${mark} ${known.join(' · ')}`;
  });
  return choices.find((text) => textWidth(text) <= width) ?? mark;
}
