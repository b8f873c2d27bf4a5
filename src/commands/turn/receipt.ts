import type { Answer } from '../../core/answer/answer.ts';
import { chargesWhenStopped } from '../../core/answer/charges-when-stopped.ts';
import { lookUpCost } from '../../core/answer/look-up-cost.ts';
import { receiptOf } from '../../core/answer/receipt.ts';
import { isSameModel } from '../../core/model-id/served-model.ts';
import { OrxError } from '../../errors.ts';
import { paidCost } from '../../paid-cost.ts';
import { visibleLine } from '../../output/text/visible.ts';
import type { Catalogue } from '../../apis/catalogue.ts';
import { isDirect } from '../../apis/direct-id.ts';
import type { TurnOutcome } from './outcome.ts';
import type { Context } from '../context.ts';
import type { Chat } from './open.ts';

export interface TurnReceiptOptions {
  catalogue: Catalogue | undefined;
  /** The width in columns; undefined: not limited. */
  width: number | undefined;
  /** Ends the lookup of a stopped answer's cost. */
  skipLookUps?: AbortSignal | undefined;
  /** Called before a cost is looked up, which may take some seconds. */
  onLookUp?: () => void;
}

export interface TurnReceipt {
  warnings: readonly string[];
  line: string;
  /** The cost of a stopped answer that was looked up, as exact decimal text. */
  lookedUpCost: string | undefined;
}

/**
 * Returns the receipt of a turn. First looks up the cost of a stopped answer, and records it in the ledger and the conversation.
 */
export async function turnReceipt(
  outcome: TurnOutcome,
  chat: Chat,
  context: Context,
  { catalogue, width, skipLookUps, onLookUp }: TurnReceiptOptions,
): Promise<TurnReceipt> {
  // Loaded only for a receipt: measuring the width of text takes longer to load than a whole answer in a pipe.
  const { receiptText } = await import('../../output/chat/receipt.ts');
  const { error } = outcome;
  const answer = withoutReported(outcome.answer, chat);
  const isStopped = error instanceof OrxError && error.kind === 'interrupted';
  const canLookUp = !isDirect(answer.model ?? chat.settings.model);
  // --strict-model stops an answer too.
  const isCutShort = isStopped || (error instanceof OrxError && error.kind === 'model-mismatch');
  const needsLookUp = isCutShort && canLookUp && answer.usage === undefined && answer.id !== undefined;
  if (needsLookUp) onLookUp?.();
  const lookedUp = needsLookUp ? await lookUpCost(chat.api, answer.id!, context.clock.sleep, skipLookUps) : undefined;
  if (lookedUp !== undefined) {
    chat.accounting.lookedUp(lookedUp);
    const paid = paidCost(lookedUp);
    if (paid !== undefined) chat.transcript?.lookedUp(paid);
  }
  const receipt = receiptOf(answer, {
    isSandbox: chat.settings.sandbox,
    asked: chat.settings.model,
    served: servedModels(outcome),
    state: error === undefined ? 'complete' : isStopped ? 'stopped' : 'failed',
    catalogue,
    lookedUp:
      outcome.steps === undefined ? lookedUp : (await import('../../core/tools/add-answers.ts')).costOf(outcome.steps, lookedUp),
    toolCalls: outcome.steps?.flatMap(({ calls }) => calls).length,
  });
  const { warnings, line } = receiptText(receipt, width);
  const chargesAll = needsLookUp && chargesWhenStopped(answer.provider, chat.settings.stream);
  return {
    warnings: chargesAll
      ? [
          ...warnings,
          `warning: ${visibleLine(answer.provider ?? 'the provider')} charges for the whole response, although it was stopped`,
        ]
      : warnings,
    line,
    lookedUpCost: lookedUp && paidCost(lookedUp),
  };
}

/** Returns the lines that a turn prints even without a receipt. Fast for an ordinary answer. */
export async function differenceLines(
  outcome: TurnOutcome,
  chat: Chat,
  catalogue: Catalogue | undefined,
): Promise<readonly string[]> {
  const asked = chat.settings.model;
  const answer = withoutReported(outcome.answer, chat);
  const served = servedModels(outcome);
  const isOrdinary = answer.answers === undefined && answer.fallbacks.length === 0 && answer.dropped.length === 0;
  if (isOrdinary && served.every((model) => isSameModel(asked, model, catalogue?.models))) return [];
  const { differenceTexts } = await import('../../output/chat/differences.ts');
  return differenceTexts(receiptOf(answer, { asked, served, catalogue, state: 'complete' }), { showsCost: true });
}

/** Returns the answer without what was reported before the request was sent. */
function withoutReported(answer: Answer, { reported = [] }: Chat): Answer {
  return reported.length === 0 ? answer : { ...answer, dropped: answer.dropped.filter((text) => !reported.includes(text)) };
}

/** Returns the models that answered the requests of a turn. */
export function servedModels({ answer, steps }: TurnOutcome): readonly string[] {
  const answers = steps === undefined ? [answer] : steps.map((step) => step.answer);
  return answers.flatMap(({ model }) => (model === undefined ? [] : [model]));
}
