import { createHash, randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { OrxError, type ErrorKind } from '../errors.ts';
import type { BodyVersion } from '../apis/catalogue.ts';
import { makePrivateFolder } from './files/private-mode.ts';

/** For so long a stored catalogue is taken without asking the API, in milliseconds. */
export const FRESH_FOR_MS = 5 * 60 * 1000;

const VERSION = 1;
/** Real catalogues have about 1 MB. What is larger was not written here, and may be a device. */
const LARGEST_FILE = 64 * 1024 * 1024;
/** The failures for which an old copy is better than none. Bad input and a missing permission stay what they are. */
const MAY_PASS: ReadonlySet<ErrorKind> = new Set(['network', 'provider', 'rate-limit']);

/** A catalogue and where it came from. */
export interface StoredReading<C> {
  catalogue: C;
  /** Milliseconds since it was fetched from the API; 0 when it was fetched just now, or when the clock was set back since. */
  ageMs: number;
  /** Set when the API could not be reached and the stored copy is given instead: the reason. */
  staleBecause?: unknown;
}

export interface ReadingOptions {
  signal?: AbortSignal | undefined;
  /** Take the stored copy however old it is, if there is one, and do not ask the API. */
  preferStored?: boolean | undefined;
  /** Ask the API even when the stored copy is fresh. */
  refresh?: boolean | undefined;
  /** Never ask the API: the stored copy however old it is, or an error of kind `network` that says how to get one. */
  offline?: boolean | undefined;
}

/** What can be cached: a JSON body, and what the API calls its version. */
interface Cached {
  body: string;
  version?: BodyVersion | undefined;
}

/** Where a catalogue is cached and how it is made. `C` is the decoded catalogue, which carries the body it was made from. */
export interface CatalogueSource<C extends Cached> {
  folder: string;
  /** Which API this is the catalogue of: its base URL. Each has a copy of its own. */
  source: string;
  /** What is cached, for the name of the file. Default: `catalogue`. */
  kind?: string;
  /** How long a copy is taken without asking, in milliseconds. Default: FRESH_FOR_MS. */
  freshForMs?: number;
  /** With the version of the copy at hand, if it has one: undefined when that still holds. */
  fetch: (signal?: AbortSignal, known?: BodyVersion) => Promise<C | undefined>;
  /** Throws when the body is not a catalogue. */
  decode: (body: string) => C;
  /** Milliseconds since 1970. */
  now: () => number;
  /** Given the writing of the copy, which never fails, so that the answer need not wait for it. Without this it waits. */
  writeBehind?: (write: Promise<void>) => void;
}

/**
 * The catalogue: the stored copy while it is fresh, else from the API, else (kinds network, provider, rate-limit) the stored
 * copy however old, with the reason. Throws the API's error when there is no copy. A copy that is damaged or not ours counts
 * as absent; a copy that cannot be written costs nobody the answer. Any number of processes may do this at once.
 */
export async function readCatalogue<C extends Cached>(options: CatalogueSource<C> & ReadingOptions): Promise<StoredReading<C>> {
  const path = join(options.folder, `${options.kind ?? 'catalogue'}-${hashOf(options.source)}`);
  const stored = await readStored(path, options);
  if (stored !== undefined) {
    const ageMs = options.now() - stored.fetchedAt;
    const isFresh = ageMs >= 0 && ageMs < (options.freshForMs ?? FRESH_FOR_MS);
    const isEnough = options.offline === true || options.preferStored === true;
    if (isEnough || (isFresh && options.refresh !== true)) {
      return { catalogue: stored.catalogue, ageMs: Math.max(0, ageMs) };
    }
  }
  if (options.offline === true) throw noCopy(options.kind ?? 'catalogue');
  let fetched: C | undefined;
  try {
    fetched = await options.fetch(options.signal, stored?.catalogue.version);
  } catch (error) {
    if (stored === undefined || !(error instanceof OrxError) || !MAY_PASS.has(error.kind)) throw error;
    const ageMs = Math.max(0, options.now() - stored.fetchedAt);
    return { catalogue: stored.catalogue, ageMs, staleBecause: error };
  }
  // What still holds is written again as well: with it the time of this answer.
  const catalogue = fetched ?? stored!.catalogue;
  const write = writeStored(path, options, catalogue);
  if (options.writeBehind === undefined) await write;
  else options.writeBehind(write);
  return { catalogue, ageMs: 0 };
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

/** A line of facts, then the body as it came. */
async function readStored<C extends Cached>(
  path: string,
  { source, decode }: CatalogueSource<C>,
): Promise<{ catalogue: C; fetchedAt: number } | undefined> {
  try {
    const match = await stat(path);
    if (!match.isFile() || match.size > LARGEST_FILE) return undefined;
    const text = await readFile(path, 'utf8');
    const end = text.indexOf('\n');
    const facts = JSON.parse(text.slice(0, end)) as {
      version?: unknown;
      source?: unknown;
      fetchedAt?: unknown;
      etag?: unknown;
      lastModified?: unknown;
    };
    if (facts.version !== VERSION || facts.source !== source || typeof facts.fetchedAt !== 'number') return undefined;
    const version = { etag: asText(facts.etag), lastModified: asText(facts.lastModified) };
    const isKnown = version.etag !== undefined || version.lastModified !== undefined;
    const catalogue = decode(text.slice(end + 1));
    return { catalogue: isKnown ? { ...catalogue, version } : catalogue, fetchedAt: facts.fetchedAt };
  } catch {
    // Absent, unreadable, cut off or somebody else's: the API has the truth anyway.
    return undefined;
  }
}

async function writeStored(
  path: string,
  { folder, source, now }: Pick<CatalogueSource<never>, 'folder' | 'source' | 'now'>,
  { body, version }: Cached,
): Promise<void> {
  const beside = `${path}.${randomUUID()}.tmp`;
  try {
    makePrivateFolder(folder);
    await writeFile(beside, `${JSON.stringify({ version: VERSION, source, fetchedAt: now(), ...version })}\n${body}`, {
      mode: 0o600,
      flag: 'wx',
    });
    await rename(beside, path);
  } catch {
    // A full disk or a read-only home is no reason to withhold the answer.
    await rm(beside, { force: true }).catch(() => undefined);
  }
}

function asText(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function hashOf(source: string): string {
  return createHash('sha256').update(source).digest('hex').slice(0, 16);
}
