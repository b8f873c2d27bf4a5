import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import type { Accounting, AccountingNote, EntryLedger } from '../../core/budget/accounting.ts';
import { record as recordAttempt } from '../../core/budget/record.ts';
import { reconcile, withLookedUpCost } from '../../core/budget/reconcile.ts';
import { lookUpCost } from '../../core/answer/look-up-cost.ts';
import type { ChatRequest, StreamCompletion, StreamOptions } from '../../apis/completion.ts';
import { openRequestRecord } from '../../core/budget/open-request-record.ts';
import type { RequestRecord } from '../../core/budget/request-record.ts';
import type { Generation, Api } from '../../apis/api.ts';
import type { Journal } from '../../storage/journal/journal.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Sums } from '../../storage/ledger/reports/report.ts';
import { AccountingNotes } from './accounting-notes.ts';
import { findPrices } from './find-prices.ts';
import { groupedAccounting, type AccountingParts } from './grouped-accounting.ts';
import { openUnlessDeferred } from './open-unless-deferred.ts';
import { findStoredModel } from '../stored-model.ts';
import { periodSpans } from '../../core/time/periods.ts';
import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Context } from '../context.ts';

/** The accounting of one command: all of its requests go through `wrap`. */
export interface RunAccounting {
  /** The id that all requests of the command share, by which `orx cost` finds them. Undefined if nothing is recorded. */
  conversation: string | undefined;
  wrap: (stream: StreamCompletion) => StreamCompletion;
  /** Opens the ledger entry of one attempt, as `wrap` does. Undefined if nothing is recorded. */
  openRecord: ((request: ChatRequest, options: StreamOptions) => Promise<RequestRecord>) | undefined;
  /** Starts a new turn for the following requests: the next question of a conversation. */
  beginTurn: () => void;
  /** Returns the sums of this conversation in the ledger; undefined if nothing is recorded or the ledger cannot be read. */
  sums: () => Sums | undefined;
  /** Returns the budgets that apply to the next request to this model; none if nothing is recorded or they cannot be read. */
  standings: (model: string) => readonly BudgetStanding[];
  /** Returns the notes since the last call. */
  drainNotes: () => readonly AccountingNote[];
  /** Records the cost of an answer that did not include it. */
  lookedUp: (generation: Generation) => void;
  /** For a server or a batch: resolves when everything is written. What cannot be written becomes a note. */
  close: () => Promise<void>;
  /** With a journal: resolves when the ledger is open and has all entries. What it does not take becomes a note. Never rejects. */
  flush: () => Promise<void>;
}

/** Added to the longest wait between two heartbeats of a request, to allow for a slow machine. */
const SPARE_MS = 60_000;
/** The API keeps costs for a long but limited time, and a short command should not start lookups that it cannot finish. */
const LOOK_BACK_MS = 30 * 24 * 3600 * 1000;
const QUIET_LOOK_UPS = 8;
/** How many entries to search for stopped answers: those of this command, and of others that stop at the same time. */
const MOST_STOPPED = 100;

/** The prompt's template, and the conversation of the requests. Default: a new conversation. */
export interface AccountingOptions {
  template?: string | undefined;
  /** Records the requests until the ledger is open, which is after the first one is sent. */
  journal?: Journal | undefined;
  conversation?: string | undefined;
  /** What counts as one turn: all requests until `beginTurn`, or each request (for a server). */
  turnPer?: 'command' | 'request';
  /**
   * There are many requests, independent of each other: each waits for money that others of the command reserve, none is shortened
   * to fit a budget, and many are written in one transaction.
   */
  isBatch?: boolean | undefined;
}

/**
 * Opens the ledger for a command. With an API, also looks up costs that earlier commands left unknown, while the command runs. If
 * the ledger cannot be opened, adds a note and continues without it, unless there are budgets: then throws kind `credits`.
 */
export async function openAccounting(
  command: string,
  settings: ConnectionSettings & LedgerSettings,
  api: Api | undefined,
  context: Context,
  { template, conversation = context.stores.newId(), turnPer = 'command', isBatch = false, journal }: AccountingOptions = {},
): Promise<RunAccounting> {
  const { add: note, drain: drainNotes } = new AccountingNotes();
  const opened = await openUnlessDeferred(settings, context, journal, note);
  const records = opened ?? journal?.ledger;
  if (!settings.ledger || records === undefined) {
    return {
      conversation: undefined,
      wrap: (stream) => stream,
      openRecord: undefined,
      beginTurn: () => undefined,
      sums: () => undefined,
      standings: () => [],
      drainNotes,
      lookedUp: () => undefined,
      close: async () => undefined,
      flush: async () => undefined,
    };
  }
  /** The ledger; undefined until the journal has opened it. */
  const ledgerNow = (): Ledger | undefined => opened ?? journal?.ledger.database;
  let isKeptNoted = false;
  const flush = async (): Promise<void> => {
    const kept = await journal?.flush();
    if (kept === undefined || isKeptNoted) return;
    isKeptNoted = true;
    note({ type: 'unrecorded', error: kept.error, isUnderBudget: false, keptIn: kept.path });
  };
  const startedAt = context.clock.now();
  const ownIds = new Set<string>();
  let turn = context.stores.newId();
  if (api?.getGeneration !== undefined) {
    const { getGeneration } = api;
    if (opened !== undefined) reconcileMeanwhile(opened, getGeneration, context);
    // After the answer there is no time for look-ups, and its own cost may not be known yet.
    else
      journal?.whenOpen((ledger, isAnswered) =>
        reconcileMeanwhile(ledger, getGeneration, context, isAnswered ? 0 : QUIET_LOOK_UPS),
      );
    context.lifetime.whenUnread(async () => {
      await flush();
      if (isBatch) await parts.close();
      const unbilled = ledgerNow()?.unbilled({ since: startedAt, limit: MOST_STOPPED }) ?? [];
      const stopped = unbilled.filter((entry) => (isBatch ? entry.conversation === conversation : ownIds.has(entry.id)));
      const { sleep } = context.clock;
      const costs = await Promise.all(stopped.map(({ generationId }) => lookUpCost(api, generationId!, sleep)));
      for (const match of costs) if (match !== undefined) record(match);
    });
  }
  const parts =
    turnPer === 'request' || (isBatch && opened !== undefined)
      ? await groupedAccounting(opened!, settings, context, { note, isBatch })
      : { ...commandAccounting(records, settings, context), close: async () => undefined };
  const accounting: Accounting = {
    labels: {
      command,
      conversation,
      profile: settings.profile,
      project: context.files.projectFolder(),
      template,
      api: settings.sandbox ? 'sandbox' : settings['base-url'],
      // The sandbox simulates OpenRouter.
      vendor: api?.id ?? 'openrouter',
    },
    turn: turnPer === 'request' ? context.stores.newId : () => turn,
    now: context.clock.now,
    newId() {
      const id = context.stores.newId();
      // A server or a batch would collect ids without limit.
      if (turnPer === 'command' && !isBatch) ownIds.add(id);
      return id;
    },
    sleep: context.clock.sleep,
    patienceMs:
      (settings['connect-timeout'] + Math.max(settings['first-byte-timeout'], settings['idle-timeout'])) * 1000 + SPARE_MS,
    // Without an API, this is a server in front of one that routes.
    keepsPriceLimit: api === undefined || api.endpoints !== undefined,
    ...parts,
    note,
  };
  return {
    conversation,
    wrap: (stream) => recordAttempt(stream, accounting),
    openRecord: (request, call) => openRequestRecord(accounting, request, call),
    beginTurn: () => void (turn = context.stores.newId()),
    sums() {
      try {
        return ledgerNow()?.sums({ conversation });
      } catch {
        return undefined;
      }
    },
    standings(model) {
      const { profile, project, vendor } = accounting.labels;
      const now = context.clock.now();
      const scope = { conversation, profile, project, models: [model], vendor, tags: [], spans: periodSpans(now), now };
      try {
        const ledger = ledgerNow();
        return ledger === undefined || ledger.budgets().length === 0 ? [] : ledger.standings(scope);
      } catch {
        return [];
      }
    },
    drainNotes,
    lookedUp: record,
    close: parts.close,
    flush,
  };

  function record(generation: Generation): void {
    const ledger = ledgerNow();
    const entry = ledger
      ?.unbilled({ since: startedAt, limit: MOST_STOPPED })
      .find(({ generationId }) => generationId === generation.id);
    if (entry !== undefined && generation.cost !== undefined) ledger?.settle(entry.id, withLookedUpCost(entry, generation));
  }
}

/** Looks up costs that earlier commands left unknown while this command's answer streams. */
function reconcileMeanwhile(
  ledger: Ledger,
  getGeneration: NonNullable<Api['getGeneration']>,
  { lifetime: { meanwhile }, clock: { now } }: Context,
  limit = QUIET_LOOK_UPS,
): void {
  meanwhile(async (signal) => {
    await reconcile({ ledger, getGeneration, now, since: now() - LOOK_BACK_MS, limit, signal });
  });
}

function commandAccounting(ledger: EntryLedger, settings: ConnectionSettings, context: Context): AccountingParts {
  return {
    ledger,
    findPrices: (models, signal) => findPrices(models, settings, context, signal),
    findModel: (name) => findStoredModel(name, settings, context),
    addressOf: (vendor) =>
      context.apis
        .for(settings)
        .vendors()
        .find(({ name }) => name === vendor)?.baseUrl,
    waitsFor: 'others',
    limitsRequests: true,
  };
}
