import type { ConnectionSettings, LedgerSettings } from '../../core/settings/groups.ts';
import type { Accounting, AccountingNote } from '../../core/budget/accounting.ts';
import { unknownBudgets } from '../../core/budget/budget-error.ts';
import { record as recordAttempt } from '../../core/budget/record.ts';
import { reconcile, withBill } from '../../core/budget/reconcile.ts';
import { lookUpBill } from '../../core/answer/look-up-bill.ts';
import { usageError } from '../../errors.ts';
import type { ChatRequest, StreamCompletion, StreamOptions } from '../../apis/completion.ts';
import { openRequestRecord } from '../../core/budget/open-request-record.ts';
import type { RequestRecord } from '../../core/budget/request-record.ts';
import type { Generation, Api } from '../../apis/api.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Sums } from '../../storage/ledger/reports/report.ts';
import { findPrices } from './find-prices.ts';
import { serverAccounting, type AccountingParts } from './server-ledger.ts';
import { findStoredModel } from '../stored-model.ts';
import { periodSpans } from '../../core/time/periods.ts';
import type { BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Context } from '../context.ts';

/** The accounting of one run: every request of it goes through `wrap`. */
export interface RunAccounting {
  /** What all requests of the run share, by which `orx cost` finds them. Undefined when nothing is recorded. */
  conversation: string | undefined;
  wrap: (stream: StreamCompletion) => StreamCompletion;
  /** Opens the entry of one attempt, as `wrap` does. Undefined when nothing is recorded. */
  openRecord: ((request: ChatRequest, options: StreamOptions) => Promise<RequestRecord>) | undefined;
  /** The requests from here on belong to another command: the next question of a conversation. */
  beginTurn: () => void;
  /** What the ledger has of this conversation; undefined where nothing is recorded, or it cannot be read. */
  sums: () => Sums | undefined;
  /** The budgets that the next request to this model belongs to; none where nothing is recorded, or they cannot be read. */
  standings: (model: string) => readonly BudgetStanding[];
  /** What there is to say since the last call. */
  drainNotes: () => readonly AccountingNote[];
  /** Records the cost of an answer that came without one. */
  lookedUp: (generation: Generation) => void;
  /** Of a server: resolves when all is written; what could not be is a note. */
  close: () => Promise<void>;
}

/** Between two signs of life of a request lie these waits at most; the rest is for a slow machine. */
const SPARE_MS = 60_000;
/** The API keeps a bill for long, but not for ever; and a run that is short should not leave behind what it cannot finish. */
const LOOK_BACK_MS = 30 * 24 * 3600 * 1000;
const QUIET_LOOK_UPS = 8;
/** Answers that one command stops, and others at the same time. */
const MOST_STOPPED = 100;

/** The template of the prompt, and whose requests these are: a conversation that goes on, else a new one. */
export interface AccountingOptions {
  template?: string | undefined;
  conversation?: string | undefined;
  /** What counts as one command: all requests until `beginTurn`, or each one (a server's). */
  turnPer?: 'command' | 'request';
}

/** Opens the ledger for a run. With a provider, the bills that earlier runs left open are looked up meanwhile. A ledger that cannot be opened is a note, and the run goes on without, unless there are budgets: kind `credits`. */
export async function openAccounting(
  command: string,
  settings: ConnectionSettings & LedgerSettings,
  api: Api | undefined,
  context: Context,
  { template, conversation = context.stores.newId(), turnPer = 'command' }: AccountingOptions = {},
): Promise<RunAccounting> {
  let notes: AccountingNote[] = [];
  const note = (one: AccountingNote): void => void notes.push(one);
  const drainNotes = (): readonly AccountingNote[] => {
    const taken = distinct(notes);
    notes = [];
    return taken;
  };
  const ledger = await openOrNote(settings, context, note);
  if (
    !settings.ledger &&
    (ledger === undefined ? await context.stores.for(settings).mayHaveBudgets() : ledger.budgets().length > 0)
  )
    refuseUnrecorded();
  if (!settings.ledger || ledger === undefined) {
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
    };
  }
  const startedAt = context.clock.now();
  const ownIds = new Set<string>();
  let turn = context.stores.newId();
  if (api?.getGeneration !== undefined) {
    reconcileMeanwhile(ledger, api.getGeneration, context);
    context.lifetime.whenUnread(async () => {
      const stopped = ledger.unbilled({ since: startedAt, limit: MOST_STOPPED }).filter(({ id }) => ownIds.has(id));
      const { sleep } = context.clock;
      const costs = await Promise.all(stopped.map(({ generationId }) => lookUpBill(api, generationId!, sleep)));
      for (const match of costs) if (match !== undefined) record(match);
    });
  }
  const parts =
    turnPer === 'request'
      ? await serverAccounting(ledger, settings, context, note)
      : { ...commandAccounting(ledger, settings, context), close: async () => undefined };
  const accounting: Accounting = {
    labels: {
      command,
      conversation,
      profile: settings.profile,
      project: context.files.projectFolder(),
      template,
      api: settings.sandbox ? 'sandbox' : settings['base-url'],
      // The sandbox stands for it.
      vendor: api?.id ?? 'openrouter',
    },
    turn: turnPer === 'request' ? context.stores.newId : () => turn,
    now: context.clock.now,
    newId() {
      const id = context.stores.newId();
      // A server has no end of them.
      if (turnPer === 'command') ownIds.add(id);
      return id;
    },
    sleep: context.clock.sleep,
    patienceMs:
      (settings['connect-timeout'] + Math.max(settings['first-byte-timeout'], settings['idle-timeout'])) * 1000 + SPARE_MS,
    // Without an API this is a server in front of one that routes.
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
        return ledger.sums({ conversation });
      } catch {
        return undefined;
      }
    },
    standings(model) {
      const { profile, project, vendor } = accounting.labels;
      const now = context.clock.now();
      const scope = { conversation, profile, project, models: [model], vendor, tags: [], spans: periodSpans(now), now };
      try {
        return ledger.budgets().length === 0 ? [] : ledger.standings(scope);
      } catch {
        return [];
      }
    },
    drainNotes,
    lookedUp: record,
    close: parts.close,
  };

  function record(generation: Generation): void {
    const entry = ledger!
      .unbilled({ since: startedAt, limit: MOST_STOPPED })
      .find(({ generationId }) => generationId === generation.id);
    if (entry !== undefined && generation.cost !== undefined) ledger!.settle(entry.id, withBill(entry, generation));
  }
}

/** Bills that earlier runs left open are looked up while the answer of this one comes. */
function reconcileMeanwhile(
  ledger: Ledger,
  getGeneration: NonNullable<Api['getGeneration']>,
  { lifetime: { meanwhile }, clock: { now } }: Context,
): void {
  meanwhile(async (signal) => {
    await reconcile({ ledger, getGeneration, now, since: now() - LOOK_BACK_MS, limit: QUIET_LOOK_UPS, signal });
  });
}

async function openOrNote(
  settings: ConnectionSettings & LedgerSettings,
  context: Context,
  note: (note: AccountingNote) => void,
): Promise<Ledger | undefined> {
  try {
    return await context.stores.for(settings).openLedger();
  } catch (error) {
    if (settings.ledger && (await context.stores.for(settings).mayHaveBudgets())) throw unknownBudgets(error);
    if (settings.ledger) note({ type: 'unbooked', error, isUnderBudget: false });
    return undefined;
  }
}

function refuseUnrecorded(): never {
  throw usageError(
    'budgets need the ledger, which is turned off',
    'omit --no-ledger and -n, or turn the ledger on: orx config unset ledger',
    'record costs, but not the conversation: --no-history',
  );
}

function commandAccounting(ledger: Ledger, settings: ConnectionSettings, context: Context): AccountingParts {
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

/** Every lane of a comparison may say the same. */
function distinct(notes: readonly AccountingNote[]): AccountingNote[] {
  return [...new Map(notes.map((note) => [note.type === 'warning' ? 'warning' : JSON.stringify(note), note])).values()];
}
