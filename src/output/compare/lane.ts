import { shortText } from '../../text/short-text.ts';
import { laneDetail, type LaneIdentity } from '../../core/compare/lane-plan.ts';
import type { Lane } from '../../core/compare/state.ts';
import { emptyNotice, isCut } from '../../core/answer/missing.ts';
import { receiptOf } from '../../core/answer/receipt.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import { withoutKeys } from '../text/error.ts';
import { receiptText, type ReceiptText } from '../chat/receipt.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the lane's model without its author, unless another model would then have the same name, and what else is special. */
export function laneName(lane: LaneIdentity, lanes: readonly LaneIdentity[]): string {
  const short = nameWithoutAuthor(lane.model);
  const isUnique = lanes.every(({ model }) => model === lane.model || nameWithoutAuthor(model) !== short);
  return withDetail(isUnique ? short : lane.model, lane);
}

/** Returns the lane's model id and what else distinguishes it. */
export function wholeLaneName(lane: LaneIdentity): string {
  return withDetail(lane.model, lane);
}

/** Returns only what distinguishes lanes of one model, such as `temperature 0.7`; for lanes of several models, `laneName`. */
export function laneLabel(lane: LaneIdentity, lanes: readonly LaneIdentity[]): string {
  const detail = lanes.every(({ model }) => model === lane.model) ? laneDetail(lane) : '';
  return detail === '' ? laneName(lane, lanes) : visibleLine(detail);
}

function withDetail(name: string, lane: LaneIdentity): string {
  const detail = laneDetail(lane);
  return visibleLine(detail === '' ? name : `${name} · ${detail}`);
}

/** Returns the reason why a lane has no complete answer, in one line: `rate limited by OpenAI, 3 attempts`. */
export function laneReason(lane: Lane): string {
  if (lane.state === 'stopped') return 'stopped';
  const attempts = lane.answer.retries.length + 1;
  const reason = failureText(lane.error);
  return attempts === 1 ? reason : `${reason.replace(/\.$/, '')}, ${attempts} attempts`;
}

/** Returns the note below a lane's text that explains why it is incomplete. Empty for a complete answer. */
export function laneNote(lane: Lane): string {
  if (lane.state === 'failed') return `failed: ${laneReason(lane)}\n`;
  if (lane.state === 'stopped') return 'stopped\n';
  if (isCut(lane.answer)) return 'cut off by the output limit\n';
  const notice = emptyNotice(lane.answer);
  return notice === undefined ? '' : `${failureText(notice)}\n`;
}

/** Returns the message of a failure in one line, without hints. */
export function failureText(error: unknown): string {
  return visibleLine(shortText(withoutKeys(error instanceof Error ? error.message : String(error))));
}

/** Returns the receipt of one lane. The catalogue is used to recognize the same model under another name. */
export function laneReceipt(lane: Lane, catalogue: Catalogue | undefined, isSandbox: boolean): ReceiptText {
  const state = lane.state === 'done' ? 'complete' : lane.state === 'stopped' ? 'stopped' : 'failed';
  return receiptText(receiptOf(lane.answer, { isSandbox, asked: lane.model, state, catalogue }));
}
