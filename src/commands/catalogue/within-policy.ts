import type { EndpointRow } from '../../output/models/endpoints-table.ts';
import type { Cell } from '../../output/table/table.ts';
import type { RetentionPolicy } from './retention-policy.ts';

/** The data policy of a list of endpoints. */
export interface ListPolicy {
  /** Undefined: every endpoint is shown. */
  policy: RetentionPolicy | undefined;
  /** A flag has set it, and not a stored setting. */
  isPolicyTyped: boolean;
}

/** Returns the endpoints that the data policy allows, and notes about the others. Those whose policy is not known stay. */
export function withinPolicy(
  rows: readonly EndpointRow[],
  { policy, isPolicyTyped }: ListPolicy,
): { allowed: readonly EndpointRow[]; notes: readonly Cell[] } {
  if (policy === undefined) return { allowed: rows, notes: [] };
  const allowed = rows.filter(({ keepsNothing }) => keepsNothing !== false);
  const hidden = rows.length - allowed.length;
  const how = isPolicyTyped ? '' : '; show all: --allow-data-collection';
  const notes = [
    ...(hidden === 0
      ? []
      : [`warning: ${hidden} ${hidden === 1 ? 'endpoint' : 'endpoints'} hidden by ${policy}: no zero data retention${how}`]),
    ...(rows.some(({ keepsNothing }) => keepsNothing === undefined)
      ? [`warning: the list of endpoints with zero data retention cannot be read: ${policy} may remove more`]
      : []),
    ...(policy === 'zdr' ? [] : ['the API does not say which providers train on prompts: it may remove more']),
  ];
  return { allowed, notes: notes.map((text) => (text.startsWith('warning: ') ? { text, tone: 'warning' } : { text })) };
}
