import { decimal, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import type { AskedModel } from '../../core/budget/price-bounds.ts';
import { collectAnswer, type Outcome } from '../../core/answer/collect.ts';
import type { MatrixLane } from '../../core/matrix/cell.ts';
import { attemptCollector } from '../../core/matrix/requests/collect-attempt.ts';
import { mostCost } from '../../core/matrix/requests/most-cost.ts';
import { RequestRunner } from '../../core/matrix/requests/request-runner.ts';
import { SpendingLimit } from '../../core/matrix/requests/spending-limit.ts';
import type { ChatSettings } from '../../core/settings/groups.ts';
import { withSettings } from '../../core/settings/with-settings.ts';
import { usageError } from '../../errors.ts';
import type { Context } from '../context.ts';
import { findPrices } from '../ledger/find-prices.ts';
import type { RunAccounting } from '../ledger/open-accounting.ts';
import { findStoredModel } from '../stored-model.ts';
import { type Chat, openChat } from '../turn/open.ts';
import type { PreparedJudge } from './judge.ts';
import type { OpenRun } from './open-run.ts';
import type { MatrixOptions } from './options.ts';
import { isLocalConnection, isLocalModel } from './places.ts';

/** What sends the requests of a run, and what records them. */
export interface OpenRunner {
  runner: RequestRunner;
  /** Of the lanes, and of the judge. */
  accountings: readonly RunAccounting[];
  /** Undefined: no limit. */
  spending: SpendingLimit | undefined;
}

const START = 4;
const MOST = 32;

/**
 * Opens the APIs of all lanes and the ledger. Every attempt gets its own entry, labeled with the id of the run. Throws kind
 * `authentication` for a lane without a key, and a usage error for one whose price is not known under --max-cost.
 */
export async function openRunner(
  options: MatrixOptions,
  lanes: readonly MatrixLane[],
  settings: ChatSettings,
  { id, journal }: OpenRun,
  judge: PreparedJudge | undefined,
  context: Context,
): Promise<OpenRunner> {
  const models = [...new Set(lanes.flatMap(({ model, settings: own }) => [model, ...(own.fallback ?? [])]))];
  const judges = judge === undefined ? [] : [judge.model];
  // The run repeats failed requests itself: a refusal for the rate slows down all requests of its connection.
  const open = (command: string, asked: readonly string[]): Promise<Chat> =>
    openChat(command, withSettings(settings, { retries: 0 }), context, { conversation: id, models: asked, isBatch: true });
  const chat = await open('compare', models);
  // The cost of a judge is apart in the ledger, too.
  const judgeChat = judge === undefined ? undefined : await open('judge', judges);
  const ask = await collectorOf(chat, settings, context);
  const askJudge = judgeChat && (await collectorOf(judgeChat, settings, context));
  const spending = options.maxCost === undefined ? undefined : new SpendingLimit(options.maxCost, decimal(journal.totals().cost));
  const prices = spending === undefined ? undefined : await readPrices([...models, ...judges], settings, context);
  const runner = new RequestRunner({
    journal,
    attempt: async (request, signal, purpose) =>
      (purpose === 'judge' && askJudge !== undefined ? askJudge : ask)(request, signal),
    limitOf: (connection) => limitOf(connection, options.concurrency),
    retries: settings.retries,
    patienceMs: options.patienceMs,
    spending,
    mostCost: async (request) => knownCost(request, prices ?? new Map(), context.clock.now()),
    now: context.clock.now,
    monotonic: context.clock.monotonic,
    sleep: context.clock.sleep,
    random: Math.random,
  });
  const accountings = [chat.accounting, ...(judgeChat === undefined ? [] : [judgeChat.accounting])];
  return { runner, accountings, spending };
}

/** Returns how to make one attempt. An answer of a model that may not be the requested one is followed event by event. */
async function collectorOf(
  { api, stream, accounting }: Chat,
  settings: ChatSettings,
  context: Context,
): Promise<(request: ChatRequest, signal: AbortSignal) => Promise<Outcome>> {
  if (settings['strict-model']) return (request, signal) => collectAnswer(stream(request, { signal }), () => undefined);
  return attemptCollector({
    ...context.clock,
    api,
    stream,
    openRecord: accounting.openRecord,
    limitOf: settings.pacing ? await context.apis.for(settings).openLimits() : undefined,
    longestMs: settings['retry-max-time'] * 1000,
    random: Math.random,
    findModel: (name) => findStoredModel(name, settings, context),
  });
}

/** A server on this machine usually answers one request after the other: more at once only wait, and run into time limits. */
function limitOf(connection: string, concurrency: number | undefined): { start: number; most: number } {
  const most = concurrency ?? (isLocalConnection(connection) ? 1 : MOST);
  return { start: Math.min(START, most), most };
}

async function readPrices(
  models: readonly string[],
  settings: ChatSettings,
  context: Context,
): Promise<ReadonlyMap<string, AskedModel>> {
  const found = await findPrices(models, settings, context, context.lifetime.interrupt);
  return new Map(models.map((model, index) => [model, found[index]!]));
}

function knownCost(request: ChatRequest, prices: ReadonlyMap<string, AskedModel>, now: number): Decimal {
  const asked = [request.model, ...(request.fallbackModels ?? [])].map(
    (model): AskedModel => prices.get(model) ?? { model: undefined, endpoints: undefined },
  );
  const most = isLocalModel(request.model) ? decimal(0) : mostCost(request, asked, new Date(now));
  if (most !== undefined) return most;
  throw usageError(
    `the maximum cost of an answer from ${request.model} is unknown`,
    'limit the length of answers: --max-tokens N',
    'omit --max-cost, or the model',
  );
}
