import type { Lane } from '../../core/compare/state.ts';
import { emptyNotice } from '../../core/answer/missing.ts';
import { receiptOf } from '../../core/answer/receipt.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import { withoutKeys } from '../text/error.ts';
import { receiptText, type ReceiptText } from '../chat/receipt.ts';
import { nameWithoutAuthor } from '../text/model-name.ts';
import { visibleLine } from '../text/visible.ts';

/** The lane's model as people call it: without its author, unless another lane would then be called the same. */
export function laneName(lane: Lane, lanes: readonly Lane[]): string {
  const short = nameWithoutAuthor(lane.model);
  const isUnique = lanes.filter((other) => nameWithoutAuthor(other.model) === short).length === 1;
  return visibleLine(isUnique ? short : lane.model);
}

/** Why a lane has no whole answer, in one line: `rate limited by OpenAI, 3 attempts`. */
export function laneReason(lane: Lane): string {
  if (lane.state === 'stopped') return 'stopped';
  const attempts = lane.answer.retries.length + 1;
  const reason = failureText(lane.error);
  return attempts === 1 ? reason : `${reason.replace(/\.$/, '')}, ${attempts} attempts`;
}

/** What stands below the text of a lane: why there is no more of it. Empty for a whole answer. */
export function laneNote(lane: Lane): string {
  if (lane.state === 'failed') return `failed: ${laneReason(lane)}\n`;
  if (lane.state === 'stopped') return 'stopped\n';
  const notice = emptyNotice(lane.answer);
  return notice === undefined ? '' : `${failureText(notice)}\n`;
}

/** What went wrong, in one line and without hints. */
export function failureText(error: unknown): string {
  return visibleLine(withoutKeys(error instanceof Error ? error.message : String(error)));
}

/** The receipt of one lane. With a catalogue it knows who is the same model under another name. */
export function laneReceipt(lane: Lane, catalogue: Catalogue | undefined, isSandbox: boolean): ReceiptText {
  const state = lane.state === 'done' ? 'complete' : lane.state === 'stopped' ? 'stopped' : 'failed';
  return receiptText(receiptOf(lane.answer, { isSandbox, asked: lane.model, state, catalogue }));
}
