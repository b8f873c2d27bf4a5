import type { Cell } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';

/** The delay after a failed refresh. */
const AGAIN_MS = 60 * 1000;

/** A catalog for the live table; `warning` is set if it is old because no newer one is available. */
export interface LiveReading {
  models: readonly Model[];
  ageMs: number;
  warning?: Cell | undefined;
}

export interface RefreshOptions {
  /** Returns monotonic milliseconds. */
  monotonic: () => number;
  /** Returns the catalog. `isAsked`: the user requested it, so it comes from the API however fresh the stored one is. */
  refresh: (isAsked: boolean) => Promise<LiveReading>;
  /** The age in milliseconds at which a catalog is refreshed; undefined: only on request. */
  freshForMs: number | undefined;
  /** Returns the message for a failure. */
  reasonOf: (error: unknown) => string;
  onModels: (models: readonly Model[]) => void;
  /** Called when a refresh has succeeded or failed. */
  onEnd: () => void;
}

/** Keeps a catalog fresh: refreshes it on request, and automatically when it is old. Runs one refresh at a time. */
export interface LiveRefresh {
  ask: () => void;
  state: () => { ageMs: number; warning: Cell | undefined; isReading: boolean };
  stop: () => void;
}

export function createLiveRefresh(first: LiveReading, options: RefreshOptions): LiveRefresh {
  const { monotonic, freshForMs } = options;
  let fetchedAt = monotonic() - first.ageMs;
  let { warning } = first;
  let isReading = false;
  let isStopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const plan = (waitMs: number): void => {
    clearTimeout(timer);
    if (freshForMs !== undefined && !isStopped) timer = setTimeout(() => void refresh(false), waitMs);
  };
  const untilOld = (): number => Math.max(0, fetchedAt + (freshForMs ?? 0) - monotonic());
  const refresh = async (isAsked: boolean): Promise<void> => {
    if (isReading) return;
    isReading = true;
    try {
      const match = await options.refresh(isAsked);
      ({ warning } = match);
      fetchedAt = monotonic() - match.ageMs;
      options.onModels(match.models);
    } catch (error) {
      warning = { text: `warning: no fresh catalog: ${options.reasonOf(error)}`, tone: 'warning' };
    }
    isReading = false;
    plan(warning === undefined ? untilOld() : AGAIN_MS);
    options.onEnd();
  };

  plan(untilOld());
  return {
    ask: () => void refresh(true),
    state: () => ({ ageMs: Math.max(0, monotonic() - fetchedAt), warning, isReading }),
    stop() {
      isStopped = true;
      clearTimeout(timer);
    },
  };
}
