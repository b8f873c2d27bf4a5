import { OrxError } from '../../errors.ts';
import type { ChatRequest, StreamOptions } from '../../apis/completion.ts';
import type { BudgetScope } from '../../storage/ledger/budgets/budget.ts';
import type { OpeningEntry } from '../../storage/ledger/entry.ts';
import { vendorOf } from '../model-id/direct-name.ts';
import { modelFamily } from '../model-id/family.ts';
import { periodSpans } from '../time/periods.ts';
import { learnedRatio } from '../tokens/learned-ratio.ts';
import type { Accounting } from './accounting.ts';
import { unknownBudgets } from './budget-error.ts';
import { holdMoney } from './reserve.ts';
import { type PromptSize, promptSize } from './prompt-size.ts';
import { OpenRequestRecord, type RequestRecord } from './request-record.ts';

/**
 * Creates the entry of a request and reserves its money. Throws kind `credits`, code `budget`, if its budgets do not allow the request. An error
 * of the ledger becomes a note, unless there may be budgets.
 */
export async function openRequestRecord(
  accounting: Accounting,
  request: ChatRequest,
  options: Pick<StreamOptions, 'signal' | 'caller' | 'onSettled'> = {},
): Promise<RequestRecord> {
  const { signal, caller } = options;
  const now = accounting.now();
  const family = modelFamily(request.model);
  const models = request.fallbackModels === undefined ? [request.model] : [request.model, ...request.fallbackModels];
  const direct = vendorOf(request.model);
  const vendor = direct ?? accounting.labels.vendor;
  const clientKey = caller?.key;
  const tags = caller?.tags ?? [];
  const fallback = request.wishes?.fallback;
  const { labels } = accounting;
  // Both objects are written out: a server creates them for each request, and spreading takes several times as long.
  const scope: BudgetScope = {
    conversation: labels.conversation,
    profile: labels.profile,
    project: labels.project,
    models,
    vendor,
    clientKey,
    tags,
    spans: periodSpans(now),
    now,
  };
  let size: PromptSize;
  try {
    size = promptSize(request, learnedRatio(accounting.ledger, family));
    const entry: OpeningEntry = {
      command: labels.command,
      conversation: labels.conversation,
      template: labels.template,
      profile: labels.profile,
      project: labels.project,
      api: (direct === undefined ? undefined : accounting.addressOf(direct)) ?? labels.api,
      vendor,
      clientKey,
      tags: tags.length > 0 ? tags : undefined,
      turn: accounting.turn(),
      id: accounting.newId(),
      openedAt: now,
      requestedModel: request.model,
      family,
      estimatedPromptTokens: size.estimated,
      estimatedExtraTokens: size.extra > 0 ? size.extra : undefined,
      // holdMoney copies the entry with it: see copy-with.ts.
      expectedCost: undefined,
      fallbackFrom: fallback?.from,
      fallbackReason: fallback?.reason,
    };
    const pending = await holdMoney(accounting, request, entry, scope, size, signal);
    if (pending.isRecorded) return new OpenRequestRecord({ accounting, entry, scope, pending, size, options });
    return unrecorded(pending.request);
  } catch (error) {
    if (error instanceof OrxError && (error.code === 'budget' || error.kind === 'interrupted')) throw error;
    if (accounting.ledger.mayHaveBudgets()) throw unknownBudgets(error);
    accounting.note({ type: 'unrecorded', error, isUnderBudget: false });
    return unrecorded(request);
  }
}

function unrecorded(request: ChatRequest): RequestRecord {
  return { request, see: () => undefined, fail: async () => undefined, leave: async () => undefined };
}
