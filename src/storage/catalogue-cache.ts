import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { OrxError, type ErrorKind } from '../errors.ts';
import type { BodyVersion } from '../apis/catalogue.ts';
import { shortHash } from '../text/short-hash.ts';
import { replaceFile } from './files/replace-file.ts';

/** How long a stored catalogue is used without a request to the API, in milliseconds. */
export const FRESH_FOR_MS = 5 * 60 * 1000;

const VERSION = 1;
/** Real catalogues have about 1 MB. orx did not write a larger file, which may even be a device. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** The first line of a copy, with what a server may add to it. */
const LARGEST_FIRST_LINE = 4096;
/** Errors after which an old copy is used. Invalid input and missing permissions are always reported. */
const MAY_PASS: ReadonlySet<ErrorKind> = new Set(['network', 'provider', 'rate-limit']);

/** A catalogue and its origin. */
export interface StoredReading<C> {
  catalogue: C;
  /** Milliseconds since it was fetched from the API; 0 if it was just fetched, or if the clock was set back since. */
  ageMs: number;
  /** When the stored copy was fetched, in milliseconds since 1970, if it is the stored copy. Identifies the copy. */
  fetchedAt?: number | undefined;
  /** Why the stored copy is used although it is not fresh: the error of the API. */
  staleBecause?: unknown;
}

export interface ReadingOptions {
  signal?: AbortSignal | undefined;
  /** Use the stored copy, if there is one, however old it is, without a request to the API. */
  preferStored?: boolean | undefined;
  /** Send a request to the API even if the stored copy is fresh. */
  refresh?: boolean | undefined;
  /** Never send a request to the API: use the stored copy however old it is, or throw an error of kind `network` that says how to get one. */
  offline?: boolean | undefined;
}

/** Data that can be cached: a JSON body, and the version that the API reports for it. */
interface Cached {
  body: string;
  version?: BodyVersion | undefined;
}

/** Where a catalogue is cached and how it is fetched and decoded. `C` is the decoded catalogue, which includes its original body. */
export interface CatalogueSource<C extends Cached> {
  folder: string;
  /** The API of this catalog: its base URL. Each API has a separate copy. */
  source: string;
  /** What is cached; part of the file name. Default: `catalogue`. */
  kind?: string;
  /** How long a copy is used without a request, in milliseconds. Default: FRESH_FOR_MS. */
  freshForMs?: number;
  /** Fetches the catalogue. `known` is the version of the stored copy, if it has one; the result is undefined if that copy is still current. */
  fetch: (signal?: AbortSignal, known?: BodyVersion) => Promise<C | undefined>;
  /** Throws if the body is not a catalogue. */
  decode: (body: string) => C;
  /** Milliseconds since 1970. */
  now: () => number;
  /**
   * Receives the promise that writes the copy, which never rejects, so that the result need not wait for it. If undefined, readCatalogue waits.
   */
  writeBehind?: (write: Promise<void>) => void;
}

/**
 * Returns the catalogue: the stored copy while it is fresh, otherwise from the API, otherwise (kinds network, provider, rate-limit) the stored
 * copy however old, with the reason. Throws the API's error if there is no copy. A copy that is damaged, or that orx did not write, counts as
 * missing; an error in writing the copy is ignored. Any number of processes may call this at once.
 */
export async function readCatalogue<C extends Cached>(options: CatalogueSource<C> & ReadingOptions): Promise<StoredReading<C>> {
  const path = pathOf(options);
  const stored = readStored(path, options);
  if (stored !== undefined) {
    const { catalogue, fetchedAt } = stored;
    const ageMs = options.now() - fetchedAt;
    const isEnough = options.offline === true || options.preferStored === true;
    if (isEnough || (isFresh(ageMs, options) && options.refresh !== true)) {
      return { catalogue, ageMs: Math.max(0, ageMs), fetchedAt };
    }
  }
  if (options.offline === true) throw noCopy(options.kind ?? 'catalogue');
  // A connection whose reply has just ended can be used in the next turn of the event loop.
  await new Promise(setImmediate);
  let fetched: C | undefined;
  try {
    fetched = await options.fetch(options.signal, stored?.catalogue.version);
  } catch (error) {
    if (stored === undefined || !(error instanceof OrxError) || !MAY_PASS.has(error.kind)) throw error;
    const ageMs = Math.max(0, options.now() - stored.fetchedAt);
    return { catalogue: stored.catalogue, ageMs, staleBecause: error };
  }
  // A copy that is still current is written again, with the time of this response.
  const catalogue = fetched ?? stored!.catalogue;
  const write = writeStored(path, options, catalogue);
  if (options.writeBehind === undefined) await write;
  else options.writeBehind(write);
  return { catalogue, ageMs: 0 };
}

/**
 * Returns when the stored copy was fetched, from its first line alone; undefined if there is no fresh copy. Reading and decoding the whole copy takes
 * longer than everything else that a command with an unchanged list does.
 */
export function freshCopyOf(
  copy: Pick<CatalogueSource<Cached>, 'folder' | 'source' | 'kind' | 'freshForMs' | 'now'>,
): number | undefined {
  let file: number | undefined;
  try {
    file = openSync(pathOf(copy), 'r');
    const bytes = Buffer.alloc(LARGEST_FIRST_LINE);
    const start = bytes.toString('utf8', 0, readSync(file, bytes, 0, bytes.length, 0));
    const { fetchedAt } = factsIn(start, copy.source) ?? {};
    return fetchedAt !== undefined && isFresh(copy.now() - fetchedAt, copy) ? fetchedAt : undefined;
  } catch {
    return undefined;
  } finally {
    if (file !== undefined) closeSync(file);
  }
}

function pathOf({ folder, source, kind = 'catalogue' }: Pick<CatalogueSource<Cached>, 'folder' | 'source' | 'kind'>): string {
  return join(folder, `${kind}-${hashOf(source)}`);
}

function isFresh(ageMs: number, { freshForMs = FRESH_FOR_MS }: { freshForMs?: number }): boolean {
  return ageMs >= 0 && ageMs < freshForMs;
}

const WHAT: Readonly<Record<string, string>> = {
  endpoints: 'list of the endpoints of this model',
  zdr: 'list of the endpoints with zero data retention',
};

function noCopy(kind: string): OrxError {
  return new OrxError(`no stored ${WHAT[kind] ?? kind} to use with --offline`, {
    kind: 'network',
    code: 'no-stored-copy',
    hints: ['run the command once without --offline, to fill the cache'],
  });
}

/** Reads a copy: one line of metadata, then the original body. */
function readStored<C extends Cached>(
  path: string,
  { source, decode }: CatalogueSource<C>,
): { catalogue: C; fetchedAt: number } | undefined {
  try {
    const match = statSync(path);
    if (!match.isFile() || match.size > LARGEST_FILE) return undefined;
    const text = readFileSync(path, 'utf8');
    const facts = factsIn(text, source);
    if (facts === undefined) return undefined;
    const { version, fetchedAt } = facts;
    const isKnown = version.etag !== undefined || version.lastModified !== undefined;
    const catalogue = decode(text.slice(text.indexOf('\n') + 1));
    return { catalogue: isKnown ? { ...catalogue, version } : catalogue, fetchedAt };
  } catch {
    // Missing, unreadable, truncated or another program's file: the API has the data anyway.
    return undefined;
  }
}

/** Returns the metadata of a copy of this source; undefined if it is not one. Throws if the first line is not JSON. */
function factsIn(text: string, source: string): { version: BodyVersion; fetchedAt: number } | undefined {
  const facts = JSON.parse(text.slice(0, text.indexOf('\n'))) as {
    version?: unknown;
    source?: unknown;
    fetchedAt?: unknown;
    etag?: unknown;
    lastModified?: unknown;
  };
  if (facts.version !== VERSION || facts.source !== source || typeof facts.fetchedAt !== 'number') return undefined;
  return { version: { etag: asText(facts.etag), lastModified: asText(facts.lastModified) }, fetchedAt: facts.fetchedAt };
}

/** Writes the copy after this turn of the event loop, in which the result is shown. */
async function writeStored(
  path: string,
  { source, now }: Pick<CatalogueSource<never>, 'source' | 'now'>,
  { body, version }: Cached,
): Promise<void> {
  const facts = JSON.stringify({ version: VERSION, source, fetchedAt: now(), ...version });
  await new Promise(setImmediate);
  try {
    replaceFile(path, `${facts}\n${body}`);
  } catch {
    // A full disk or a read-only home folder must not prevent the result.
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** A copy states its source, so two sources with the same hash only replace each other. Loading node:crypto takes 3 ms. */
function hashOf(source: string): string {
  return shortHash(source) + shortHash(`orx ${source}`);
}
