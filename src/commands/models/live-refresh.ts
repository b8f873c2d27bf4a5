import type { Cell } from '../../output/table/table.ts';
import type { Model } from '../../apis/catalogue.ts';

/** After a refresh that failed. */
const AGAIN_MS = 60 * 1000;

/** A catalogue for the live table; `warning` when it is an old one because there is no other. */
export interface LiveReading {
  models: readonly Model[];
  ageMs: number;
  warning?: Cell | undefined;
}

export interface RefreshOptions {
  /** Milliseconds, monotonic. */
  monotonic: () => number;
  /** The catalogue; `isAsked`: by the user, who wants it from the API however fresh the stored one is. */
  refresh: (isAsked: boolean) => Promise<LiveReading>;
  /** How old a catalogue gets before it is refreshed, in milliseconds; undefined: never on its own. */
  freshForMs: number | undefined;
  /** What a person reads of a failure. */
  reasonOf: (error: unknown) => string;
  onModels: (models: readonly Model[]) => void;
  /** Called when a refresh is over, whatever came of it. */
  onEnd: () => void;
}

/** Keeps a catalogue fresh: when it is asked for, and on its own when it has become old. One refresh at a time. */
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
