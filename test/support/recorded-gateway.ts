import { expect } from 'vitest';
import { startApiServer } from './api-server.ts';
import { randomPieces } from './recordings.ts';
import { isKnownVendor, REQUEST_PATHS, type ServedRecording } from './served-recordings.ts';
import { serveVendors, type ServedVendors } from './served-vendors.ts';

/** A reply of the gateway. */
export interface Reply {
  status: number;
  /** Only in a streamed reply. */
  pieces: readonly { event: string; data: string }[];
  /** Only in a reply that is not streamed. */
  json: any;
}

/** A client's request in one dialect: path, body and headers. */
export interface AskForm {
  path: string;
  body: (model: string, stream: boolean) => unknown;
  headers: Readonly<Record<string, string>>;
}

export type PlayRecording = (recording: ServedRecording, stream: boolean) => Promise<Reply>;

/** Starts a server that plays the recordings in order, and the gateway in front of it. */
export async function playRecordings(
  wire: ServedRecording['wire'],
  all: readonly ServedRecording[],
  form: AskForm,
): Promise<PlayRecording> {
  let current = all[0]!;
  let seed = 1;
  const urls: string[] = [];
  const server = await startApiServer(async (request, response) => {
    if (request.method !== 'POST') return void response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[]}');
    urls.push(request.url);
    response.writeHead(current.status, { 'content-type': current.contentType });
    for (const piece of randomPieces(current.body, seed)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  const entries = all.map(({ vendor }) => {
    const dialect = isKnownVendor(vendor) && wire !== 'responses' ? undefined : wire;
    return [vendor, { origin: server.origin, dialect }] as const;
  });
  // The limits of one recording must not hold back the next.
  const gateway = await serveVendors(Object.fromEntries(entries), { args: ['--no-pacing'] });
  const play = async (recording: ServedRecording, stream: boolean): Promise<Reply> => {
    current = recording;
    seed += 1;
    urls.length = 0;
    const reply = await ask(gateway, form, `${recording.vendor}:${recording.model ?? 'the-model'}`, stream);
    expect(urls).toEqual([expect.stringMatching(REQUEST_PATHS[wire])]);
    return reply;
  };
  return play;
}

async function ask({ origin }: ServedVendors, { path, body, headers }: AskForm, model: string, stream: boolean): Promise<Reply> {
  const response = await fetch(`${origin}${path}`, { method: 'POST', headers, body: JSON.stringify(body(model, stream)) });
  const text = await response.text();
  const isStream = response.headers.get('content-type')?.includes('event-stream') === true;
  return { status: response.status, pieces: isStream ? piecesOf(text) : [], json: isStream ? undefined : JSON.parse(text) };
}

function piecesOf(text: string): { event: string; data: string }[] {
  return text.split('\n\n').flatMap((block) => {
    const [, event = '', data] = /^(?:event: (.*)\n)?data: (.*)$/s.exec(block) ?? [];
    return data === undefined ? [] : [{ event, data: data.replaceAll('\ndata: ', '\n') }];
  });
}
