import type { LiveKey } from '../../core/live-key.ts';
import { pressTableKey } from '../../core/models/live/keys.ts';
import type { LiveAction, LiveTable } from '../../core/models/live/state.ts';
import { reduceLiveTable } from '../../core/models/live/table.ts';
import type { LiveSession } from '../../ui/models/app.ts';
import { excludedByPolicy, type RetentionPolicy } from '../catalogue/retention-policy.ts';
import { createLiveQuotes, type LiveQuoteServices } from './live-quotes.ts';
import { createLiveRefresh, type LiveReading, type RefreshOptions } from './live-refresh.ts';

/** How long changes of a refresh stay marked. */
const MARKED_MS = 2 * 60 * 1000;

/** The services of the live table. */
export interface LiveServices extends Omit<RefreshOptions, 'onModels' | 'onEnd'> {
  /** What prices are calculated from. */
  quotes: Omit<LiveQuoteServices, 'onChange'>;
  /** The data policy whose excluded models are marked. */
  policy: RetentionPolicy | undefined;
  /** Returns the ids of the models with zero data retention at one endpoint at least. */
  zdrModels: () => Promise<ReadonlySet<string>>;
  /** Stores whether a model is a favorite. */
  star: (id: string, isFavorite: boolean) => Promise<void>;
}

/** Creates the state of the live table. Keys and the results of its services change it. */
export function createLiveSession(
  start: LiveTable,
  reading: LiveReading,
  services: LiveServices,
): LiveSession & { table: () => LiveTable } {
  let table = start;
  let changesTimer: ReturnType<typeof setTimeout> | undefined;
  let storing = Promise.resolve();
  const listeners = new Set<() => void>();
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let finish: () => void = () => undefined;
  const ended = new Promise<void>((resolve) => (finish = resolve));

  const change = (next: LiveTable): void => {
    if (next === table) return;
    const before = table;
    table = next;
    if (table.outcome === undefined) askFor(before);
    else end();
    tell();
  };
  const dispatch = (action: LiveAction): void => change(reduceLiveTable(table, action));
  const end = (): void => {
    refresh.stop();
    clearTimeout(changesTimer);
    // Store the last change of a favorite before anything else happens.
    void storing.then(finish);
  };

  const refresh = createLiveRefresh(reading, {
    ...services,
    onModels(models) {
      const before = table.changes;
      dispatch({ type: 'catalogue', models });
      if (table.changes === before) return;
      clearTimeout(changesTimer);
      changesTimer = setTimeout(() => dispatch({ type: 'forget-changes' }), MARKED_MS);
    },
    onEnd: tell,
  });

  const quotes = createLiveQuotes({ ...services.quotes, onChange: tell });
  const askFor = (before: LiveTable): void => {
    if (table.refreshes !== before.refreshes) refresh.ask();
    if (table.quote !== before.quote) quotes.ask(table);
    if (table.filters.has('zdr') && !before.filters.has('zdr')) void findZdr();
    const changed = [...before.favorites, ...table.favorites].filter(
      (id) => before.favorites.has(id) !== table.favorites.has(id),
    );
    for (const id of changed) store(id, table.favorites.has(id));
  };
  const findZdr = async (): Promise<void> => {
    if (table.facts?.zdrModels !== undefined) return;
    try {
      const zdrModels = await services.zdrModels();
      dispatch({ type: 'facts', facts: { endpoints: table.facts?.endpoints ?? new Map(), zdrModels } });
      const excluded = services.policy && excludedByPolicy(table.models, table.facts, services.policy);
      if (excluded !== undefined && !table.filters.has('zdr')) dispatch({ type: 'note', note: `${excluded}; hide them: tab z` });
    } catch (error) {
      dispatch({ type: 'no-facts', note: `zero retention is not known: ${services.reasonOf(error)}` });
    }
  };
  const store = (id: string, isFavorite: boolean): void => {
    storing = storing
      .then(() => services.star(id, isFavorite))
      .catch((error: unknown) => dispatch({ type: 'note', note: `not stored: ${services.reasonOf(error)}` }));
  };

  if (start.filters.has('zdr') || services.policy !== undefined) void findZdr();
  return {
    table: () => table,
    view() {
      const { ageMs, warning, isReading } = refresh.state();
      const status = isReading ? ({ text: 'loading from the API …', tone: 'dim' } as const) : warning;
      const quote = quotes.view(table);
      return {
        table,
        ageMs,
        quote,
        status: status && { text: status.text, tone: status.tone === 'warning' ? 'warning' : 'dim' },
      };
    },
    press: (key: LiveKey) => change(pressTableKey(table, key)),
    resize(rows) {
      // Does not notify listeners, because the renderer itself calls this.
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
