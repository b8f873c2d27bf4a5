import type { Api } from '../../apis/api.ts';
import type { RawReply, RawTarget } from '../../apis/raw-call.ts';
import { budgetName } from '../../core/budget/budget-error.ts';
import { commandInstead } from '../../core/raw-api/may-cost.ts';
import { OrxError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { openAccounting } from '../ledger/open-accounting.ts';
import { printAccountingNotes } from '../ledger/print-notes.ts';
import type { RawApiOptions } from './options.ts';

/** The ledger entry of a request that may cost money. */
export interface RawRecord {
  /** Notes the id by which the cost can be looked up, before the body is read. */
  begin: (reply: RawReply) => void;
  /** Settles the entry with what the body says. */
  end: (reply: RawReply) => void;
  fail: (error: unknown) => Promise<void>;
  /** Settles the entry if it is still open, and prints notes about it. */
  close: () => Promise<void>;
}

/**
 * Creates the ledger entry of a request before it is sent. Throws kind `credits`, code `budget`, if a budget applies: orx cannot limit
 * the cost of a request that it does not understand.
 */
export async function openRawRecord(
  api: Api,
  body: string | Uint8Array | undefined,
  target: RawTarget,
  { settings }: RawApiOptions,
  context: Context,
): Promise<RawRecord> {
  const accounting = await openAccounting('api', settings, api, context);
  const models = modelsOf(body) ?? [target.path ?? target.url.pathname];
  const [standing] = models.flatMap((model) => accounting.standings(model));
  if (standing !== undefined) {
    const command = commandInstead(target);
    throw new OrxError(`${budgetName(standing.budget)} applies, and orx api cannot limit the cost of a request`, {
      kind: 'credits',
      code: 'budget',
      hints: [
        ...(command === undefined ? [] : [`use the command that keeps within budgets: ${command}`]),
        `remove the budget: orx budget remove ${standing.budget.id}`,
      ],
    });
  }
  const { monotonic } = context.clock;
  const startedAt = monotonic();
  const [model = '', ...fallbackModels] = models;
  const record = await accounting.openRecord?.(
    { model, fallbackModels, messages: [], stream: false, maxTokens: 0 },
    { signal: context.lifetime.interrupt },
  );
  return {
    begin: ({ headers }) => record?.see({ type: 'heartbeat', generationId: headers['x-generation-id'] }),
    end(reply) {
      const { id = '', model: served = '', provider, usage } = reply.facts();
      record?.see({ type: 'response-start', id, model: served, provider });
      if (usage !== undefined) record?.see({ type: 'usage', usage });
      record?.see({ type: 'metrics', metrics: { durationMs: monotonic() - startedAt } });
      record?.see({ type: 'response-end', finishReason: undefined });
    },
    fail: async (error) => record?.fail(error),
    async close() {
      await record?.leave();
      printAccountingNotes(accounting, context);
    },
  };
}

/** Returns the models that a JSON body names. */
function modelsOf(body: string | Uint8Array | undefined): readonly string[] | undefined {
  try {
    const { model, models } = JSON.parse(Buffer.from(body ?? '').toString('utf8')) as Record<string, unknown>;
    const names = [model, ...(Array.isArray(models) ? (models as unknown[]) : [])].filter((name) => typeof name === 'string');
    return names.length === 0 ? undefined : names;
  } catch {
    return undefined;
  }
}
