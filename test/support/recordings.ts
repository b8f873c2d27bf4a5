import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recorded traffic outside the project; the tests pass without it. */
const FOLDER = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));

export interface Recording {
  name: string;
  body: Buffer;
  status: number;
  headers: Record<string, string>;
  /** URL of the recorded request, if known. */
  url: string;
}

/** Returns whether the recordings are available; prints a notice if not. */
export function hasRecordings(folder: string): boolean {
  const isThere = existsSync(`${FOLDER}/${folder}`);
  if (!isThere) console.warn(`no recordings at ../shared/fixtures/${folder}: their suite is skipped`);
  return isThere;
}

/** Returns every recorded body of a folder with the data of its `.meta.json`. */
export function readRecordings(folder: string): Recording[] {
  if (!existsSync(`${FOLDER}/${folder}`)) return [];
  return readdirSync(`${FOLDER}/${folder}`)
    .filter((name) => name.endsWith('.meta.json'))
    .map((name) => {
      const meta = JSON.parse(readFileSync(`${FOLDER}/${folder}/${name}`, 'utf8'));
      const body = name.replace(/\.meta\.json$/, '');
      return {
        name: body,
        body: readFileSync(`${FOLDER}/${folder}/${body}`),
        status: meta.response.status,
        headers: { 'content-type': meta.response.headers['content-type'] },
        url: meta.request?.url ?? '',
      };
    });
}

/** Returns every recorded stream of a folder whose events were stored without framing: one JSON object per line. */
export function readChunkRecordings(folder: string): Recording[] {
  if (!existsSync(`${FOLDER}/${folder}`)) return [];
  return readdirSync(`${FOLDER}/${folder}`)
    .filter((name) => name.endsWith('.chunks.txt'))
    .map((name) => ({ name, body: readFileSync(`${FOLDER}/${folder}/${name}`), status: 200, headers: {}, url: '' }));
}

/** Returns the recording as server-sent events. `end` is the data of a final event, if the API sends one. */
export function asEventStream(recording: Recording, end?: string): Recording {
  const lines = recording.body
    .toString()
    .split('\n')
    .filter((line) => line.trim() !== '');
  const events = [...lines, ...(end === undefined ? [] : [end])].map((data) => `data: ${data}\n\n`);
  return { ...recording, body: Buffer.from(events.join('')), headers: { 'content-type': 'text/event-stream' } };
}

/** Cuts a body into pieces of random sizes; the same seed gives the same pieces. */
export function randomPieces(body: Buffer, seed: number): Buffer[] {
  let state = seed;
  const next = (): number => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
  const pieces: Buffer[] = [];
  for (let start = 0; start < body.length;) {
    const size = 1 + Math.floor(next() ** 3 * 4000);
    pieces.push(body.subarray(start, start + size));
    start += size;
  }
  return pieces;
}
