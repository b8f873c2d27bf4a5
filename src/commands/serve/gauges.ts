import type { Router } from '../../core/routing/router.ts';
import type { Gauge } from '../../gateway/metrics/open-metrics.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import { standingOf } from '../ledger/standing-of.ts';

/** The most targets with their own label: without a configuration, clients choose the names. */
const MOST_TARGETS = 200;
const LONGEST = 120;

/** Returns gauges of the router's state of each requested target, read when they are measured. */
export function targetGauges(router: Router): Gauge[] {
  const asked = () => router.statuses().filter(({ attempts, state }) => attempts > 0 || state !== 'closed');
  const gauge = (value: (status: ReturnType<Router['statuses']>[number]) => number) => (): ReturnType<Gauge['read']> =>
    asked()
      .slice(0, MOST_TARGETS)
      .map((status) => ({ value: value(status), labels: { 'orx.target': plain(status.id) } }));
  return [
    {
      name: 'orx.target.up',
      description: '1 for a target in use, 0.5 for one that is probed, 0 for one that pauses after failures.',
      read: gauge(({ state }) => (state === 'closed' ? 1 : state === 'half-open' ? 0.5 : 0)),
    },
    { name: 'orx.target.in_flight', description: 'Requests in progress at a target.', read: gauge(({ inFlight }) => inFlight) },
  ];
}

/** Returns a gauge of the remaining amount of each periodic budget. It has no values if the ledger cannot be read. */
export function budgetGauge(ledger: Pick<Ledger, 'budgets' | 'standings'>, now: () => number): Gauge {
  return {
    name: 'orx.budget.left',
    unit: 'USD',
    description: 'What a budget leaves in its current period, by its number in `orx budget list`.',
    read() {
      try {
        return ledger
          .budgets()
          .map((budget) => standingOf(budget, ledger, now()))
          .filter(({ span }) => span !== undefined)
          .map(({ budget, left }) => ({
            value: Number(left),
            labels: { 'orx.budget': String(budget.id), 'orx.period': budget.period },
          }));
      } catch {
        return [];
      }
    },
  };
}

/** Returns a function that describes a target's state for the screen; it returns undefined for an unknown target. */
export function targetState(router: Router): (name: string) => string | undefined {
  return (name) => {
    const status = router.statuses().find(({ id, model }) => model === name || id === name);
    if (status === undefined) return undefined;
    // Another process may have used up the limit of the target.
    if (status.state === 'closed' && (router.limitOf(status)?.expectedMs() ?? 0) > 0) return 'limited';
    return { closed: 'ok', 'half-open': 'trying', open: 'paused' }[status.state];
  };
}

/**
 * Returns a function that returns whether any target is available: false if all known targets are paused. Misspelled names of clients say nothing
 * about that.
 */
export function hasTarget(router: Router): () => boolean {
  return () => {
    const statuses = router.statuses().filter((status) => router.isListed(status) || !status.isUnknown);
    return statuses.length === 0 || statuses.some(({ state }) => state !== 'open');
  };
}

function plain(text: string): string {
  return text.slice(0, LONGEST).replaceAll(/[^\x20-\x7e]/g, '_');
}
