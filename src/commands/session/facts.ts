import type { ConnectionSettings, RequestSettings } from '../../core/settings/groups.ts';
import { type ContextUse, filledShare } from '../../core/conversation/context-use.ts';
import { decimal } from '../../decimal.ts';
import { contextText } from '../../output/models/text.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import { moneyText } from '../../output/text/money.ts';
import { nameWithoutAuthor } from '../../output/text/model-name.ts';
import type { RunAccounting } from '../ledger/open-accounting.ts';
import { budgetWindowWords, isBudgetWindow } from '../../budget-window.ts';
import type { BudgetPeriod, BudgetStanding } from '../../storage/ledger/budgets/budget.ts';
import type { Tally } from './tally.ts';

/** The used share of the context from which it is shown as nearly full. */
const NEARLY_FULL = 0.8;
/** Returns model, estimated cost of the typed message, cost so far, the tightest budget and the used context, the most important first. */
export function sessionFacts(session: {
  settings: RequestSettings & Pick<ConnectionSettings, 'sandbox'>;
  tally: Tally;
  promptCost: string | undefined;
  chat: { accounting: Pick<RunAccounting, 'standings'> };
  contextUse: () => ContextUse;
}): readonly string[] {
  const { settings, tally, promptCost, chat } = session;
  const use = session.contextUse();
  const share = filledShare(use);
  const full = share !== undefined && share > NEARLY_FULL ? ` (${Math.round(share * 100)}%)` : '';
  const context = `${contextText(use.used)} of ${use.contextLength === undefined ? '?' : contextText(use.contextLength)}${full}`;
  const unknown = tally.unknown === 0 ? '' : ' and more';
  const budget = budgetText(chat.accounting.standings(settings.model));
  return [
    withSandboxLabel(nameWithoutAuthor(settings.model), settings.sandbox),
    ...(promptCost === undefined ? [] : [promptCost]),
    `${moneyText(tally.cost)}${unknown} so far`,
    ...(budget === undefined ? [] : [budget]),
    context,
  ];
}

const PERIODS: Readonly<Record<string, string>> = {
  day: 'today',
  week: 'this week',
  month: 'this month',
  total: 'in total',
  conversation: 'for this chat',
};

/** Returns, for example, `$1.20 left today`, for the budget with the smallest remaining amount. */
function budgetText(standings: readonly BudgetStanding[]): string | undefined {
  const [tightest] = standings
    .filter(({ budget }) => budget.period !== 'request')
    .toSorted((a, b) => decimal(a.left).cmp(decimal(b.left)));
  if (tightest === undefined) return undefined;
  const left = decimal(tightest.left);
  return `${moneyText(left.lt(0) ? decimal(0) : left)} left ${periodText(tightest.budget.period)}`;
}

function periodText(period: BudgetPeriod): string {
  return isBudgetWindow(period) ? `of ${budgetWindowWords(period)}` : PERIODS[period]!;
}
