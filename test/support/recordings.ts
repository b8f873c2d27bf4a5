import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Recorded traffic beside the project: no part of it, and not needed for it to pass. */
const FOLDER = fileURLToPath(new URL('../../../shared/fixtures', import.meta.url));

export interface Recording {
  name: string;
  body: Buffer;
  status: number;
  headers: Record<string, string>;
  /** Address of the recorded request, where it is known. */
  url: string;
}

/** Whether the recordings are there; prints a notice where they are not. */
export function hasRecordings(folder: string): boolean {
  const isThere = existsSync(`${FOLDER}/${folder}`);
  if (!isThere) console.warn(`no recordings at ../shared/fixtures/${folder}: their suite is skipped`);
  return isThere;
}

/** Every recorded body of a folder with what its `.meta.json` says of it. */
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

/** Every recorded stream of a folder whose events were kept without their framing: a JSON object in each line. */
export function readChunkRecordings(folder: string): Recording[] {
  if (!existsSync(`${FOLDER}/${folder}`)) return [];
  return readdirSync(`${FOLDER}/${folder}`)
    .filter((name) => name.endsWith('.chunks.txt'))
    .map((name) => ({ name, body: readFileSync(`${FOLDER}/${folder}/${name}`), status: 200, headers: {}, url: '' }));
}

/** The same recording as server-sent events. `end` is the data of a last event, where the API sends one. */
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
