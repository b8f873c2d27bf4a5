import { decimal, decimalText, type Decimal } from '../../decimal.ts';
import type { ChatRequest } from '../../providers/completion.ts';
import type { BudgetScope, BudgetStanding } from '../../storage/ledger/budget.ts';
import type { OpeningEntry } from '../../storage/ledger/entry.ts';
import type { Book } from './book.ts';
import { boundRequest, type BoundRequest } from './bound-request.ts';
import { budgetError } from './budget-error.ts';
import { extraCosts, limitSearches } from './extra-costs.ts';
import { costAt, priceBounds } from './price-bounds.ts';
import type { PromptSize } from './prompt-size.ts';

/** A request that is booked and whose money, if it has budgets, is held. */
export interface Held {
  request: ChatRequest;
  /** false: the ledger could not take it. It is within its budgets all the same. */
  isBooked: boolean;
  /** Undefined when no budget applies: nothing is held. */
  most?: Decimal | undefined;
  /** The most that its prompt may cost, and a token of its answer. */
  promptCost: Decimal;
  tokenCost: Decimal;
}

/** Others may take what is left between looking and holding: then it is looked at again. */
const ATTEMPTS = 8;
const EXPECTED_OUTPUT = 500;
const NOTHING: Pick<Held, 'promptCost' | 'tokenCost'> = { promptCost: decimal(0), tokenCost: decimal(0) };

/**
 * Writes the entry and holds the most that the request may cost, after limiting it as far as its budgets demand. Throws kind `credits`
 * (code `budget`) when even a short answer would pass a budget; then nothing is written.
 */
export async function holdMoney(
  book: Book,
  request: ChatRequest,
  entry: OpeningEntry,
  scope: BudgetScope,
  size: PromptSize,
  signal: AbortSignal | undefined,
): Promise<Held> {
  const { ledger } = book;
  let standings = ledger.standings(scope);
  const openFreely = (bound: ChatRequest): Held => {
    ledger.open(entry);
    return { request: bound, isBooked: true, ...NOTHING };
  };
  if (standings.length === 0) return openFreely(request);
  const asked = await book.findPrices(scope.models, signal);
  const prices = priceBounds(asked, size.most, new Date(scope.now));
  const { request: limited, searches } = limitSearches(request);
  const extra = extraCosts(limited);
  for (let attempt = 1; ; attempt += 1) {
    const left = leastLeft(standings);
    const bound = boundRequest(limited, { promptTokens: size.most, prices, left, extra });
    if (bound.kind === 'too-dear') throw budgetError(standings, { most: bound.most, fitting: bound.fitting, request });
    // What is free is allowed, however much is spent.
    if (bound.most.eq(0)) return openFreely(bound.request);
    const dearest = bound.places.toSorted((a, b) => b.completion.cmp(a.completion))[0];
    const first = bound.places[0];
    const expectedOutput = Math.min(
      ledger.outputLength(request.model)?.median ?? EXPECTED_OUTPUT,
      bound.request.maxTokens ?? Infinity,
    );
    const opened = tryOpen(
      book,
      { ...entry, expectedCost: first === undefined ? undefined : decimalText(costAt(first, size.expected, expectedOutput)) },
      { reservation: { amount: decimalText(bound.most), expiresAt: book.now() + book.patienceMs }, scope },
    );
    if (opened === undefined || opened.kind === 'opened') {
      noteLimits(book, request, bound, searches);
      if (extra.unbounded.length > 0) book.note({ type: 'unbounded', names: extra.unbounded });
      return {
        request: bound.request,
        isBooked: opened !== undefined,
        most: bound.most,
        promptCost: dearest === undefined ? decimal(0) : costAt(dearest, size.most, 0, extra),
        tokenCost: dearest?.completion ?? blindTokenCost(bound),
      };
    }
    standings = opened.standings;
    if (attempt === ATTEMPTS) throw budgetError(standings, { most: bound.most, fitting: 0, request });
  }
}

/** Undefined: the disk refuses. What could be read of the budgets allows the request. */
function tryOpen(book: Book, ...words: Parameters<Book['ledger']['open']>): ReturnType<Book['ledger']['open']> | undefined {
  try {
    return book.ledger.open(...words);
  } catch (error) {
    book.note({ type: 'unbooked', error });
    return undefined;
  }
}

function noteLimits(book: Book, request: ChatRequest, { added }: BoundRequest, searches: number | undefined): void {
  if (added.maxTokens === undefined && added.maxPrice === undefined && searches === undefined) return;
  book.note({ type: 'limited', model: request.model, maxTokens: added.maxTokens, maxPrice: added.maxPrice, searches });
}

/** Where only a price limit is known, it is what a token may cost at most. */
function blindTokenCost({ request }: BoundRequest): Decimal {
  return decimal(request.routing?.maxPrice?.completion ?? 0).div(1_000_000);
}

/** What all budgets together leave. A limit for each request is no sum: it is left whole. */
function leastLeft(standings: readonly BudgetStanding[]): Decimal {
  return standings.map(({ left }) => decimal(left)).reduce((least, left) => (left.lt(least) ? left : least));
}
