import { decimal, decimalText, type Decimal } from '../../decimal.ts';
import { OrxError } from '../../errors.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import { isDirect } from '../../apis/direct-id.ts';
import type { BudgetScope, BudgetStanding, Opened } from '../../storage/ledger/budgets/budget.ts';
import type { OpeningEntry } from '../../storage/ledger/entry.ts';
import type { Accounting } from './accounting.ts';
import { boundRequest, type BoundRequest, COMMON_OUTPUT, type TooExpensive } from './bound-request.ts';
import { budgetError } from './budget-error.ts';
import { extraCosts, limitSearches } from './extra-costs.ts';
import { costAt, priceBounds } from './price-bounds.ts';
import type { PromptSize } from './prompt-size.ts';
import { waitForRoom } from './wait-for-room.ts';

/** A request that is recorded, and whose money is reserved if it has budgets. */
export interface Reserved {
  request: ChatRequest;
  /** false: the ledger could not record it. It is still within its budgets. */
  isRecorded: boolean;
  /** Maximum cost; undefined if no budget applies and nothing is reserved. */
  most?: Decimal | undefined;
  /** The maximum cost of its prompt, and of a token of its answer. */
  promptCost: Decimal;
  tokenCost: Decimal;
}

const EXPECTED_OUTPUT = 500;
const NOTHING: Pick<Reserved, 'promptCost' | 'tokenCost'> = { promptCost: decimal(0), tokenCost: decimal(0) };

/**
 * Creates the entry and reserves the maximum cost of the request, after limiting it as far as its budgets require. Other requests usually return
 * most of what they reserve, so it waits for them before it fails. Throws kind `credits` (code `budget`) if even a short answer would exceed a
 * budget; nothing is written then.
 */
export async function holdMoney(
  accounting: Accounting,
  request: ChatRequest,
  entry: OpeningEntry,
  scope: BudgetScope,
  size: PromptSize,
  signal: AbortSignal | undefined,
): Promise<Reserved> {
  const { ledger } = accounting;
  const check = (): readonly BudgetStanding[] => ledger.standings({ ...scope, now: accounting.now() });
  let standings = check();
  const openFreely = async (bound: ChatRequest): Promise<Reserved> => ({
    request: bound,
    isRecorded: (await tryOpen(accounting, entry)) !== undefined,
    ...NOTHING,
  });
  if (standings.length === 0) return openFreely(request);
  const asked = await accounting.findPrices(scope.models, signal);
  const prices = priceBounds(asked, size.most, new Date(scope.now));
  const { request: limited, searches } = limitSearches(request);
  const extra = extraCosts(limited);
  const boundBy = (left: Decimal): ReturnType<typeof boundRequest> =>
    boundRequest(limited, {
      promptTokens: size.most,
      prices,
      left,
      extra,
      keepsPriceLimit: accounting.keepsPriceLimit && !isDirect(request.model),
      limitsRequests: accounting.limitsRequests,
    });
  const { pause } = waitForRoom(accounting.sleep, signal);
  let isLatest = ledger.latestStandings === undefined;
  for (;;) {
    const bound = boundBy(leastLeft(standings));
    const gains =
      isCramped(bound) && gainsByWaiting(bound, boundBy(leastLeft(standings.map((one) => withoutHolds(one, accounting)))));
    if (gains) {
      if (await pause(standings, bound.kind === 'too-expensive')) {
        standings = check();
        continue;
      }
    }
    if (bound.kind === 'too-expensive' && !isLatest) {
      // A refusal names what has been spent, and a budget may have been raised.
      isLatest = true;
      standings = await ledger.latestStandings!({ ...scope, now: accounting.now() });
      if (standings.length === 0) return openFreely(request);
      continue;
    }
    if (bound.kind === 'too-expensive') throw budgetError(standings, { ...bound, request, fitsLater: gains });
    // A free request is allowed, whatever has been spent.
    if (bound.most.eq(0)) return openFreely(bound.request);
    const mostExpensive = bound.places.toSorted((a, b) => b.completion.cmp(a.completion))[0];
    const first = bound.places[0];
    const expectedOutput = Math.min(
      ledger.outputLength(request.model)?.median ?? EXPECTED_OUTPUT,
      bound.request.maxTokens ?? Infinity,
    );
    const opened = await tryOpen(
      accounting,
      { ...entry, expectedCost: first === undefined ? undefined : decimalText(costAt(first, size.expected, expectedOutput)) },
      {
        reservation: { amount: decimalText(bound.most), expiresAt: accounting.now() + accounting.patienceMs },
        scope: { ...scope, now: accounting.now() },
        // A vendor's answer has its cost; that of OpenRouter may have to be looked up, while its money stays reserved.
        mayShare: isDirect(request.model),
      },
    );
    if (opened === undefined || opened.kind === 'opened') {
      noteLimits(accounting, request, bound, searches);
      if (extra.unbounded.length > 0) accounting.note({ type: 'unbounded', names: extra.unbounded });
      return {
        request: bound.request,
        isRecorded: opened !== undefined,
        most: bound.most,
        promptCost: mostExpensive === undefined ? decimal(0) : costAt(mostExpensive, size.most, 0, extra),
        tokenCost: mostExpensive?.completion ?? blindTokenCost(bound),
      };
    }
    // Another request reserved the money first.
    ({ standings } = opened);
  }
}

/** Returns whether the request would fail, or could only get a short answer. */
function isCramped(bound: BoundRequest | TooExpensive): boolean {
  return bound.kind === 'too-expensive' || (bound.added.maxTokens ?? Infinity) < COMMON_OUTPUT;
}

/** Returns whether more fits after other requests have returned what they reserve. */
function gainsByWaiting(now: BoundRequest | TooExpensive, then: BoundRequest | TooExpensive): boolean {
  if (then.kind === 'too-expensive') return false;
  return now.kind === 'too-expensive' || (then.added.maxTokens ?? Infinity) > (now.added.maxTokens ?? Infinity);
}

function withoutHolds(standing: BudgetStanding, { waitsFor }: Accounting): BudgetStanding {
  const back = waitsFor === 'all' ? standing.reserved : standing.reservedByOthers;
  return { ...standing, left: decimalText(decimal(standing.left).plus(back)) };
}

/** Returns undefined if the disk does not allow writing. The budgets, as far as they could be read, allow the request. */
async function tryOpen(accounting: Accounting, ...words: Parameters<Accounting['ledger']['open']>): Promise<Opened | undefined> {
  try {
    return await accounting.ledger.open(...words);
  } catch (error) {
    // If the disk does not allow writing, no other process writes either. If the ledger is damaged or in use, the state of the budgets is not
    // known.
    const isUnwritable = error instanceof OrxError && error.code === 'ledger-unwritable';
    if (words[1] !== undefined && !isUnwritable) throw error;
    accounting.note({ type: 'unrecorded', error, isUnderBudget: words[1] !== undefined });
    return undefined;
  }
}

function noteLimits(accounting: Accounting, request: ChatRequest, { added }: BoundRequest, searches: number | undefined): void {
  if (added.maxTokens === undefined && added.maxPrice === undefined && searches === undefined) return;
  accounting.note({ type: 'limited', model: request.model, maxTokens: added.maxTokens, maxPrice: added.maxPrice, searches });
}

/** If only a price limit is known, it is the maximum cost of a token. */
function blindTokenCost({ request }: BoundRequest): Decimal {
  return decimal(request.routing?.maxPrice?.completion ?? 0).div(1_000_000);
}

/** Returns what all budgets together leave. The budget of a single request is not reduced by other requests. */
function leastLeft(standings: readonly BudgetStanding[]): Decimal {
  return standings.map(({ left }) => decimal(left)).reduce((least, left) => (left.lt(least) ? left : least));
}
