import { type LiveKey, pressKey } from '../core/market/live-keys.ts';
import { type LiveAction, type LiveTable, reduceLiveTable } from '../core/market/live-table.ts';
import type { MarketFacts } from '../core/market/market-facts.ts';
import type { Cell } from '../output/table.ts';
import type { Model } from '../providers/catalogue.ts';
import type { LiveSession } from '../ui/models-app.tsx';

/** For so long what a refresh changed is marked. */
const MARKED_MS = 2 * 60 * 1000;
/** After a refresh that failed. */
const AGAIN_MS = 60 * 1000;

/** A catalogue for the live table; `warning` when it is an old one because there is no other. */
export interface LiveReading {
  models: readonly Model[];
  ageMs: number;
  warning?: Cell | undefined;
}

/** What the live table asks of the world. */
export interface LiveWorld {
  /** Milliseconds, monotonic. */
  monotonic: () => number;
  /** The catalogue; `isAsked`: by the user, who wants it from the API however fresh the stored one is. */
  refresh: (isAsked: boolean) => Promise<LiveReading>;
  /** How old a catalogue gets before it is refreshed, in milliseconds; undefined: never on its own. */
  freshForMs: number | undefined;
  zdrModels: () => Promise<ReadonlySet<string>>;
  /** Stores whether a model is a favourite. */
  star: (id: string, isFavourite: boolean) => Promise<void>;
  /** What a person reads of a failure. */
  reasonOf: (error: unknown) => string;
}

/** The state of the live table over time: keys change it, and what it asks of the world comes back into it. */
export function createLiveSession(
  start: LiveTable,
  reading: LiveReading,
  world: LiveWorld,
): LiveSession & { table: () => LiveTable } {
  let table = start;
  let fetchedAt = world.monotonic() - reading.ageMs;
  let warning = reading.warning;
  let isReading = false;
  let refreshTimer: ReturnType<typeof setTimeout> | undefined;
  let changesTimer: ReturnType<typeof setTimeout> | undefined;
  let storing = Promise.resolve();
  const listeners = new Set<() => void>();
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (finish = resolve));

  const change = (next: LiveTable): void => {
    if (next === table) return;
    const before = table;
    table = next;
    if (table.outcome !== undefined) {
      clearTimeout(refreshTimer);
      clearTimeout(changesTimer);
      // What was starred last is on the disk before anything else happens.
      void storing.then(finish);
    } else askFor(before, table);
    for (const listener of listeners) listener();
  };
  const dispatch = (action: LiveAction): void => change(reduceLiveTable(table, action));

  const askFor = (before: LiveTable, now: LiveTable): void => {
    if (now.refreshes !== before.refreshes) void refresh(true);
    if (now.filters.has('zdr') && !before.filters.has('zdr')) void findZdr();
    if (now.favourites !== before.favourites) store(before.favourites, now.favourites);
  };

  const refresh = async (isAsked: boolean): Promise<void> => {
    if (isReading) return;
    isReading = true;
    clearTimeout(refreshTimer);
    try {
      const found = await world.refresh(isAsked);
      warning = found.warning;
      fetchedAt = world.monotonic() - found.ageMs;
      const before = table.changes;
      dispatch({ type: 'catalogue', models: found.models });
      if (table.changes !== before) markFor(MARKED_MS);
    } catch (error) {
      warning = { text: `! no fresh catalogue: ${world.reasonOf(error)}`, tone: 'warning' };
    }
    isReading = false;
    plan(warning === undefined ? undefined : AGAIN_MS);
    for (const listener of listeners) listener();
  };
  const markFor = (ms: number): void => {
    clearTimeout(changesTimer);
    changesTimer = setTimeout(() => dispatch({ type: 'forget-changes' }), ms);
  };
  const plan = (waitMs?: number): void => {
    if (world.freshForMs === undefined || table.outcome !== undefined) return;
    const dueInMs = waitMs ?? Math.max(0, fetchedAt + world.freshForMs - world.monotonic());
    refreshTimer = setTimeout(() => void refresh(false), dueInMs);
  };

  const findZdr = async (): Promise<void> => {
    if (table.facts?.zdrModels !== undefined) return;
    try {
      const zdrModels = await world.zdrModels();
      const facts: MarketFacts = { endpoints: table.facts?.endpoints ?? new Map(), zdrModels };
      dispatch({ type: 'facts', facts });
    } catch (error) {
      dispatch({ type: 'no-facts', note: `zero retention is not known: ${world.reasonOf(error)}` });
    }
  };

  const store = (before: ReadonlySet<string>, now: ReadonlySet<string>): void => {
    const changed = [...new Set([...before, ...now])].filter((id) => before.has(id) !== now.has(id));
    for (const id of changed) {
      storing = storing
        .then(() => world.star(id, now.has(id)))
        .catch((error: unknown) => dispatch({ type: 'note', note: `not stored: ${world.reasonOf(error)}` }));
    }
  };

  plan();
  if (start.filters.has('zdr')) void findZdr();
  return {
    table: () => table,
    view: () => ({
      table,
      ageMs: Math.max(0, world.monotonic() - fetchedAt),
      status: isReading ? { text: 'asking the API …', tone: 'dim' } : warning && { text: warning.text, tone: 'warning' },
    }),
    press: (key: LiveKey) => change(pressKey(table, key)),
    resize(rows) {
      // Not a change to tell of: whoever draws asks for it.
      if (rows !== table.height) table = reduceLiveTable(table, { type: 'height', rows });
    },
    onChange(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    ended,
    stop: () => dispatch({ type: 'stop' }),
  };
}
