import { isBudgetWindow } from '../../budget-window.ts';
import { decimal, type Decimal } from '../../decimal.ts';
import { limitWords } from './budget-words.ts';
import { budgetRefusal } from './budget-refusal.ts';
import { OrxError } from '../../errors.ts';
import { parameterHint } from '../../hints.ts';
import type { ChatRequest } from '../../apis/completion.ts';
import type { Budget, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import { shellWord } from '../../text/shell-word.ts';

interface RefusedRequest {
  /** The maximum cost of the request. */
  most: Decimal;
  /** The longest answer that the budgets still pay for, in tokens. */
  fitting: number;
  /** No budget can allow it, however large. */
  isUnpriced?: boolean;
  /** It would fit if the requests in progress cost nothing. */
  fitsLater?: boolean;
  request: ChatRequest;
}

const MORE_DIGITS = 3;
/** Most requests in progress are settled within this time. */
const RETRY_AFTER_MS = 5000;
/** Scopes of a budget, named like the flags. */
const SCOPE_WORDS = [
  ['model', 'model'],
  ['project', 'project'],
  ['profile', 'profile'],
  ['vendor', 'vendor'],
  ['clientKey', 'key'],
  ['tag', 'tag'],
] as const;

/** Returns the error for a request that would exceed a budget: kind `credits`, code `budget`. */
export function budgetError(standings: readonly BudgetStanding[], refused: RefusedRequest): OrxError {
  const { most, fitting, isUnpriced, fitsLater, request } = refused;
  const tightest = tightestOf(standings);
  const pending =
    tightest.reservations === 0 ? '' : `, $${tightest.reserved} reserved by ${requestsText(tightest.reservations)} in progress`;
  const spent = tightest.budget.period === 'request' ? '' : `$${tightest.spent} spent${pending}, and `;
  const cost = most.eq(0) ? 'the price of this request is unknown' : `this request may cost up to $${most.round(9).toFixed()}`;
  return new OrxError(`${budgetName(tightest.budget)} does not allow this request`, {
    why: `${spent}${cost}`,
    kind: 'credits',
    code: 'budget',
    hints: [
      ...(fitting > 0 && request.maxTokens !== undefined
        ? [parameterHint('limit the response so that it fits', 'max-tokens', fitting)]
        : []),
      isUnpriced === true
        ? `the model has no known price; to use it, remove the budget: orx budget remove ${tightest.budget.id}`
        : `raise the budget: ${setCommand(tightest.budget)}`,
      'list the budgets: orx budget list',
    ],
    ...(fitsLater === true && { retryAfterMs: RETRY_AFTER_MS }),
    wire: budgetRefusal(tightest, refused),
  });
}

/** Returns the error for an answer that was stopped because its cost exceeded its budgets. */
export function stoppedByBudget(standings: readonly BudgetStanding[], cost: Decimal): OrxError {
  const tightest = tightestOf(standings);
  return new OrxError(
    `${budgetName(tightest.budget)} is used up: the response was stopped at about $${cost.round(6).toFixed()}`,
    {
      kind: 'credits',
      code: 'budget',
      hints: [`raise the budget: ${setCommand(tightest.budget)}`, 'show the actual cost: orx cost last'],
    },
  );
}

/** Returns the error if there are budgets, but the ledger cannot tell what is left of them. */
export function unknownBudgets(cause: unknown): OrxError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new OrxError(`cannot read the remaining budgets from the ledger: ${reason}`, {
    kind: 'credits',
    code: 'budget',
    hints: [...(cause instanceof OrxError ? cause.hints : []).slice(0, 1), 'check the ledger: orx ledger check'],
    cause,
  });
}

/** `the budget of $20 a month for project /srv/ada/site` */
export function budgetName({ limit, period, ...budget }: Budget): string {
  const scope = SCOPE_WORDS.flatMap(([part, word]) => (budget[part] === undefined ? [] : [`${word} ${budget[part]}`]));
  return `the budget of ${limitWords(`$${limit}`, period)}${scope.length === 0 ? '' : ` for ${scope.join(', ')}`}`;
}

function tightestOf(standings: readonly BudgetStanding[]): BudgetStanding {
  return standings.reduce((least, one) => (decimal(one.left).lt(least.left) ? one : least));
}

function setCommand({ period, limit: before, ...budget }: Budget): string {
  const more = decimal(before).times(2).prec(MORE_DIGITS).toFixed();
  const scope = SCOPE_WORDS.map(([part, word]) => (budget[part] === undefined ? '' : ` --${word} ${shellWord(budget[part])}`));
  const limit = isBudgetWindow(period) ? `--every ${period} --limit` : `--${period}`;
  return `orx budget add ${limit} ${more}${scope.join('')}`;
}

function requestsText(count: number): string {
  return count === 1 ? 'a request' : `${count} requests`;
}

/**
 * Returns whether the warning share of a budget is used. The budget of a single request does not count, because the next request starts from
 * zero.
 */
export function isNearlyUsed({ budget, spent }: BudgetStanding): boolean {
  return budget.period !== 'request' && decimal(spent).gte(decimal(budget.limit).times(budget.warnAt));
}
