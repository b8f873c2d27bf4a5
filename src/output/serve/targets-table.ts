import type { Activity, TargetActivity } from '../../core/serve/activity.ts';
import { alignNumbers } from '../table/align-numbers.ts';
import type { Table } from '../table/table.ts';
import { moneyText } from '../text/money.ts';
import { countText } from '../text/number.ts';
import { visibleLine } from '../text/visible.ts';

/**
 * Returns the activity of the targets, those with the most requests first. `stateOf` returns the router's state of a target, such
 * as `cooling 12 s`. `enoughName`: see Column.
 */
export function targetsTable(
  { targets }: Activity,
  stateOf: (target: string) => string | undefined = () => undefined,
  enoughName?: number,
): Table {
  const rows = [...targets.values()].toSorted((one, other) => other.requests - one.requests);
  const costs = alignNumbers(rows.map(({ cost }) => moneyText(cost)));
  const states = rows.map(({ name }) => stateOf(name));
  const hasStates = states.some((state) => state !== undefined);
  return {
    columns: [
      { heading: 'target', align: 'left', dropOrder: 0, cut: 'model', enough: enoughName },
      ...(hasStates ? [{ heading: 'state', align: 'left', dropOrder: 1 } as const] : []),
      { heading: 'requests', align: 'right', dropOrder: 2 },
      { heading: 'failed', align: 'right', dropOrder: 3 },
      { heading: 'first token', align: 'right', dropOrder: 4 },
      { heading: 'tok/s', align: 'right', dropOrder: 5 },
      { heading: 'cost', align: 'right', dropOrder: 0 },
      { heading: 'last failure', align: 'left', dropOrder: 6 },
    ],
    rows: rows.map((target, index) => [
      { text: visibleLine(target.name), tone: 'accent' },
      ...(hasStates ? [{ text: states[index] ?? '–' }] : []),
      { text: countText(target.requests) },
      { text: target.failures === 0 ? '–' : countText(target.failures), tone: target.failures === 0 ? undefined : 'warning' },
      { text: firstTokenText(target) },
      { text: speedText(target) },
      { text: costs[index]! },
      { text: target.lastFailure ?? '–', tone: 'dim' },
    ]),
  };
}

/** Returns the median of the last times to first token. */
function firstTokenText({ firstTokens }: TargetActivity): string {
  if (firstTokens.length === 0) return '–';
  const sorted = firstTokens.toSorted((one, other) => one - other);
  return `${(sorted[Math.floor(sorted.length / 2)]! / 1000).toFixed(2)} s`;
}

function speedText({ outputTokens, streamedMs }: TargetActivity): string {
  return streamedMs <= 0 ? '–' : ((outputTokens / streamedMs) * 1000).toFixed(0);
}
