import { type Api, capability, type Generation } from '../../apis/api.ts';
import { isUnknownGeneration, withLookedUpCost } from '../../core/budget/reconcile.ts';
import { entryRecord } from '../../core/ledger/record.ts';
import { vendorOf } from '../../core/model-id/direct-name.ts';
import { OrxError, usageError } from '../../errors.ts';
import { entryFields, generationFields } from '../../output/generation/fields.ts';
import { fieldText } from '../../output/setup/key.ts';
import { write } from '../../output/text/write-stream.ts';
import type { LedgerEntry } from '../../storage/ledger/entry.ts';
import type { Ledger } from '../../storage/ledger/ledger.ts';
import type { Context } from '../context.ts';
import { printNotes } from '../print-notes.ts';
import { showJson } from '../show-table.ts';
import { type GenerationOptions, parseGeneration } from './options.ts';

/** The API takes some seconds to make a record. */
const WAITS_MS = [0, 500, 1000, 1000];
/** After this time, a record that is missing does not appear any more. */
const RECENT_MS = 60_000;
/** Requests to vendors have no record at the API, failed ones have no generation id. */
const MOST_SEARCHED = 1000;

/** `orx show`: prints the API's final record of an answer, and completes the ledger with it. */
export const showGeneration = { parse: parseGeneration, run: runGeneration };

async function runGeneration({ settings, id: asked, isJson }: GenerationOptions, context: Context): Promise<number> {
  const ledger = await context.stores.for(settings).openLedger();
  const entry = asked === undefined ? lastEntry(ledger) : ledger.findGeneration(asked);
  const id = asked ?? entry!.generationId!;
  const api = await context.apis.for(settings).open({ requireKey: true });
  const generation = await findRecord(api, id, entry, context);
  if (generation !== undefined) store(ledger, entry, generation);
  const stored = entry === undefined ? undefined : (ledger.findGeneration(id) ?? entry);
  if (generation === undefined && stored === undefined) throw unknownGeneration(id);
  const notes =
    generation === undefined ? [{ text: 'the API has no record of this request: shows the entry of the ledger' }] : [];
  if (isJson) {
    const sandbox = settings.sandbox ? { sandbox: true } : {};
    await showJson(context, notes, {
      ...sandbox,
      generation: generation?.wire ?? null,
      entry: stored === undefined ? null : entryRecord(stored),
    });
    return 0;
  }
  printNotes(context, notes, settings.sandbox);
  const fields = generation === undefined ? entryFields(stored!) : generationFields(generation, stored);
  await write(context.terminal.streams.stdout, fieldText(fields));
  return 0;
}

function lastEntry(ledger: Ledger): LedgerEntry {
  for (const entry of ledger.entries({}, { order: 'latest', limit: MOST_SEARCHED }))
    if (entry.generationId !== undefined && vendorOf(entry.requestedModel) === undefined) return entry;
  throw usageError(
    'the ledger has no request with a generation id',
    'send a request first: orx chat "Why is the sky blue?"',
    'show a request of another machine: orx show GENERATION_ID',
  );
}

/** Returns the record, or undefined if the API has none. Waits for that of an answer which has just ended. */
async function findRecord(
  api: Api,
  id: string,
  entry: LedgerEntry | undefined,
  { clock, lifetime: { interrupt: signal } }: Context,
): Promise<Generation | undefined> {
  const isRecent = entry === undefined || clock.now() - entry.openedAt < RECENT_MS || entry.state === 'open';
  // The sandbox forgets its answers when the command ends.
  const waits = isRecent && api.id !== 'sandbox' && entry?.api !== 'sandbox' ? WAITS_MS : WAITS_MS.slice(0, 1);
  for (const wait of waits) {
    try {
      if (wait > 0) await clock.sleep(wait, signal);
      signal.throwIfAborted();
      return await capability(api, 'getGeneration')(id, { signal });
    } catch (error) {
      if (!isUnknownGeneration(error) || (error as OrxError).status !== 404) throw error;
    }
  }
  return undefined;
}

/** Completes the entry if its cost is not certain, or if nothing has settled it. */
function store(ledger: Ledger, entry: LedgerEntry | undefined, generation: Generation): void {
  if (entry !== undefined && generation.cost !== undefined) ledger.settle(entry.id, withLookedUpCost(entry, generation));
}

function unknownGeneration(id: string): OrxError {
  return new OrxError(`the API has no record of ${id}`, {
    kind: 'no-endpoint',
    code: 'no-generation',
    hints: [
      'check the id; a new record takes some seconds to appear',
      'records belong to a key: orx auth status',
      'list requests with their ids: orx cost --json',
    ],
  });
}
