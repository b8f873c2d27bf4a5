import { type Advice, type PastModel, pastModels, spendingOn } from '../../core/usage/advice.ts';
import { adviseCaching, hasCachedPrice } from '../../core/usage/advise-caching.ts';
import { adviseChanges, sortAdvice } from '../../core/usage/advise.ts';
import { cutFor } from '../../core/usage/reprice.ts';
import type { Endpoint } from '../../apis/catalogue.ts';
import { adviceJson, adviceLines, adviceNotes, adviceRecords, adviceTable, adviceTitle } from '../../output/usage/advice.ts';
import { staleNotes } from '../../output/models/catalogue-note.ts';
import type { EntryFilter } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import { withSandboxLabel } from '../../output/text/sandbox-label.ts';
import type { UsageOptions } from './options.ts';
import { printEmpty, type UsageWork } from './report.ts';
import { printUsageNotes, showList } from './show.ts';

const MOST_ADVICE = 10;
/** The most models whose endpoints are read: each takes a request. */
const MODELS_ASKED = 3;
/** The number of latest entries that are searched for what a cache could have saved. */
const MOST_TURNS = 50_000;

/** `--advise`: prints what would have saved the most. */
export async function runAdvise(options: UsageOptions, work: UsageWork): Promise<number> {
  const { settings, ledger, context } = work;
  if (printEmpty(work) && options.format === 'table') return 0;
  const reading = await context.apis.for(settings).readCatalogue({ signal: context.lifetime.interrupt });
  const { models } = reading.catalogue;
  const cut = cutFor(models);
  const filter = { ...options.filter, since: options.period.since, until: options.period.until };
  const workloads = ledger.pastWorkloads(filter, { ...cut, byModel: true });
  const [past, spent] = [pastModels(workloads, models), spendingOn(workloads)];
  const { endpoints, unasked } = await askEndpoints(past.slice(0, MODELS_ASKED), work);
  const all = [
    ...adviseChanges({ past, models, endpoints, providers: providersOf(past.slice(0, MODELS_ASKED), ledger), cut }),
    ...cachingAdvice(past, filter, ledger),
  ];
  const advice = sortAdvice(all).slice(0, options.limit ?? MOST_ADVICE);
  printUsageNotes(staleNotes(reading), context);
  await showList(
    {
      title: withSandboxLabel(adviceTitle(spent, options.period), settings.sandbox),
      table: adviceTable(advice, spent.cost),
      notes: adviceNotes(advice, unasked),
      lines: (columns) => adviceLines(advice, spent.cost, columns),
      json: adviceJson(advice, spent, options.period, unasked),
      records: adviceRecords(advice, spent.cost),
    },
    options,
    context,
  );
  return 0;
}

async function askEndpoints(
  past: readonly PastModel[],
  { settings, context }: UsageWork,
): Promise<{ endpoints: Map<string, readonly Endpoint[]>; unasked: string[] }> {
  const endpoints = new Map<string, readonly Endpoint[]>();
  const unasked: string[] = [];
  const ask = async ({ row, listed }: PastModel): Promise<void> => {
    if (listed === undefined) return;
    try {
      const { catalogue } = await context.apis.for(settings).readEndpoints(listed.id, { signal: context.lifetime.interrupt });
      endpoints.set(row.group, catalogue.endpoints);
    } catch (error) {
      if (context.lifetime.interrupt.aborted) throw error;
      unasked.push(row.group);
    }
  };
  await Promise.all(past.map(ask));
  return { endpoints, unasked };
}

/** Returns the providers that answered recently, by model. */
function providersOf(past: readonly PastModel[], ledger: Ledger): Map<string, Set<string>> {
  return new Map(past.map(({ row }) => [row.group, new Set(ledger.measuredSpeeds(row.group).map(({ provider }) => provider))]));
}

function cachingAdvice(past: readonly PastModel[], filter: EntryFilter, ledger: Ledger): Advice[] {
  if (!past.some(hasCachedPrice)) return [];
  return adviseCaching(past, ledger.pastTurns(filter, { limit: MOST_TURNS }));
}
