import type { Lane } from '../../core/compare/state.ts';
import { emptyNotice } from '../../core/answer/missing.ts';
import { receiptOf } from '../../core/answer/receipt.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import { withoutKeys } from '../text/error.ts';
import { receiptText, type ReceiptText } from '../chat/receipt.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { visibleLine } from '../text/visible.ts';

/** Returns the lane's model without its author, unless another lane would then have the same name. */
export function laneName(lane: Lane, lanes: readonly Lane[]): string {
  const short = nameWithoutAuthor(lane.model);
  const isUnique = lanes.filter((other) => nameWithoutAuthor(other.model) === short).length === 1;
  return visibleLine(isUnique ? short : lane.model);
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
  const notice = emptyNotice(lane.answer);
  return notice === undefined ? '' : `${failureText(notice)}\n`;
}

/** Returns the message of a failure in one line, without hints. */
export function failureText(error: unknown): string {
  return visibleLine(withoutKeys(error instanceof Error ? error.message : String(error)));
}

/** Returns the receipt of one lane. The catalogue is used to recognize the same model under another name. */
export function laneReceipt(lane: Lane, catalogue: Catalogue | undefined, isSandbox: boolean): ReceiptText {
  const state = lane.state === 'done' ? 'complete' : lane.state === 'stopped' ? 'stopped' : 'failed';
  return receiptText(receiptOf(lane.answer, { isSandbox, asked: lane.model, state, catalogue }));
}
