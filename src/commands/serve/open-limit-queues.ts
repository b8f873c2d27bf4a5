import { LimitQueue } from '../../core/routing/limit-queue.ts';
import type { RouteClock } from '../../core/routing/route.ts';
import { remember } from '../../core/remember.ts';
import type { ModelLimit } from '../../storage/limits/shared-limits.ts';
import type { ApiServices } from '../context/apis.ts';

/** After this time, a request uses the limits of a key that has changed. */
const KEPT_MS = 1000;

/** Returns the requests of the gateway for a model, which share its limits with all orx processes. Undefined for a model without limits. */
export type LimitQueues = (model: string) => LimitQueue | undefined;

/** Opens the limits of the APIs for the gateway. */
export async function openLimitQueues(apis: Pick<ApiServices, 'openLimits'>, clock: RouteClock): Promise<LimitQueues> {
  const limitOf = await apis.openLimits();
  const queues = new WeakMap<ModelLimit, LimitQueue>();
  const find = (model: string): LimitQueue | undefined => {
    const limit = limitOf(model);
    if (limit === undefined) return undefined;
    const known = queues.get(limit);
    if (known !== undefined) return known;
    const queue = new LimitQueue(limit, clock);
    queues.set(limit, queue);
    return queue;
  };
  return remember(find, KEPT_MS, clock.monotonic);
}
