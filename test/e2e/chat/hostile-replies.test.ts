import { spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import type { Writable } from 'node:stream';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { answerPieces, chunk } from '../../support/api-server.ts';
import { chunkedBody, type RawRequest, type RawServer, startRawServer, writeSlices } from '../../support/raw-server.ts';
import { cleanEnvironment, ORX, runOrx, type RunResult } from '../../support/run-orx.ts';
import { tempFolder } from '../../support/temp-home.ts';

const ENV = { OPENROUTER_API_KEY: 'sk-or-v1-0123456789abcdef0123456789abcdef', ORX_MODEL: 'test/model' };
const ANSWER = answerPieces(['all ', 'of it']);
const BODY = ANSWER.join('');
const EVENTS = 'content-type: text/event-stream\r\n';

const chat = (server: RawServer, args: readonly string[] = [], home?: string): Promise<RunResult> =>
  runOrx(['chat', 'hi', ...args], { env: { ...ENV, OPENROUTER_BASE_URL: server.url }, ...(home === undefined ? {} : { home }) });

const head = (status: string, headers = ''): string => `HTTP/1.1 ${status}\r\n${headers}\r\n`;
const whole = (body: string | Buffer, headers: string, status = '200 OK'): Buffer =>
  Buffer.concat([Buffer.from(head(status, `${headers}content-length: ${Buffer.byteLength(body)}\r\n`)), Buffer.from(body)]);

/** Expects nothing about the program's internals, and no more than a few lines. */
function expectShort(stderr: string): void {
  expect(stderr.length).toBeLessThan(1000);
  expect(stderr).not.toMatch(/ at .*:\d+:\d+|node:internal|AssertionError|dist\//);
}

describe('a reply that arrives faster than its reader reads', () => {
  /** Bodies of 400 to 500 KB: more than orx buffers before it makes the server wait, less than the kernel buffers. */
  const LINES = [380, 390, 400, 410];
  const long = ({ count }: { count: number }): string =>
    [
      ...Array.from({ length: LINES[count % LINES.length]! }, (_, index) =>
        chunk({ content: `${String(index).padEnd(1000, 'x')}\n` }),
      ),
      ...answerPieces(['the end']),
    ].join('');

  const framings: readonly (readonly [string, (socket: Socket, body: string) => Promise<void>])[] = [
    [
      'ends by closing',
      async (socket, body) => void (socket.write(head('200 OK', EVENTS)), await writeSlices(socket, body, 60_000)),
    ],
    [
      'has a length and is closed at once',
      async (socket, body) =>
        void (socket.write(head('200 OK', `${EVENTS}connection: close\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`)),
        await writeSlices(socket, body, 60_000)),
    ],
    [
      'has a length, promises to stay, and is closed',
      async (socket, body) =>
        void (socket.write(head('200 OK', `${EVENTS}content-length: ${Buffer.byteLength(body)}\r\n`)),
        await writeSlices(socket, body, 60_000)),
    ],
    [
      'comes in chunks and is closed',
      async (socket, body) =>
        void (socket.write(head('200 OK', `${EVENTS}connection: close\r\ntransfer-encoding: chunked\r\n`)),
        await writeSlices(socket, chunkedBody([body]), 60_000)),
    ],
  ];

  test.each(framings)('%s: a pipe of four processes gets all of it, with its cost', async (_name, reply) => {
    const server = await startRawServer(async (socket, request) => {
      await reply(socket, long(request));
      await ended(socket);
      sent.resolve();
    });
    const sent = gate(4);
    const results = await Promise.all(Array.from({ length: 4 }, () => readSlowly(server, sent.done)));
    for (const { code, stdout, stderr, cost } of results) {
      expect(stderr).toBe('');
      expect(code).toBe(0);
      expect(stdout.endsWith('the end\n')).toBe(true);
      expect(cost).toBe('0.000412');
    }
  });

  test('is cut while it waits for its reader: orx prints the received part and a short error', async () => {
    const server = await startRawServer(async (socket) => {
      socket.write(head('200 OK', `${EVENTS}connection: close\r\ntransfer-encoding: chunked\r\n`));
      await writeSlices(socket, chunkedBody([long({ count: 3 })]).slice(0, 450_000), 60_000);
      await ended(socket);
      sent.resolve();
    });
    const sent = gate(1);
    const { code, stdout, stderr } = await readSlowly(server, sent.done);
    expect(code).toBe(8);
    expect(stdout.length).toBeGreaterThan(300_000);
    expect(stderr).toContain('closed the connection before the response was complete');
    expectShort(stderr);
  });

  /** Ends a connection and waits until the peer notices. A peer that has stopped reading may not report it yet. */
  async function ended(socket: Socket): Promise<void> {
    await new Promise<void>((resolve) => socket.end(resolve));
    await Promise.race([
      new Promise((resolve) => socket.once('close', resolve)),
      new Promise((resolve) => setTimeout(resolve, 1000)),
    ]);
  }

  function gate(count: number): { done: Promise<void>; resolve: () => void } {
    let left = count;
    let open: () => void;
    const done = new Promise<void>((resolve) => (open = resolve));
    return { done, resolve: () => void ((left -= 1) === 0 && open()) };
  }

  /** Reads nothing until the server has sent everything and closed the connection. */
  async function readSlowly({ url }: RawServer, sent: Promise<void>): Promise<RunResult & { cost: string }> {
    const home = tempFolder();
    // A shell pipe holds less than a pipe made by Node.
    const command = 'set -o pipefail; "$@" </dev/null | { read -r _ <&3; cat; }';
    const child = spawn('bash', ['-c', command, 'bash', process.execPath, ORX, 'chat', 'hi'], {
      env: cleanEnvironment(home, { ...ENV, OPENROUTER_BASE_URL: url }),
      cwd: home,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    });
    let stderr = '';
    child.stderr?.on('data', (piece: Buffer) => (stderr += piece.toString()));
    const pieces: Buffer[] = [];
    child.stdout?.on('data', (piece: Buffer) => pieces.push(piece));
    await sent;
    (child.stdio[3] as Writable).end('go\n');
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    const cost = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
    return {
      code,
      signal: null,
      stdout: Buffer.concat(pieces).toString(),
      stderr,
      cost: /"cost": ?"([\d.]+)"/.exec(cost.stdout)?.[1] ?? cost.stdout,
    };
  }
});

describe('a prompt is sent only once', () => {
  test.each<[string, string | Buffer, string]>([
    ['100 Continue that nobody asked for', `${head('100 Continue')}${head('200 OK', EVENTS)}${BODY}`, 'all of it\n'],
    [
      'several 1xx replies',
      `${head('100 Continue').repeat(3)}${head('102 Processing')}${head('103 Early Hints', 'link: </x>\r\n')}${head('200 OK', EVENTS)}${BODY}`,
      'all of it\n',
    ],
    ['another content type', `${head('200 OK', 'content-type: text/html\r\n')}${BODY}`, 'all of it\n'],
    ['JSON as the content type of a stream', whole(BODY, 'content-type: application/json\r\n'), 'all of it\n'],
    ['no content type', `${head('200 OK')}${BODY}`, 'all of it\n'],
    ['a status of its own', `${head('201 Created', EVENTS)}${BODY}`, 'all of it\n'],
    ['white space and a BOM first', whole(`\n \n${BODY}`, EVENTS), 'all of it\n'],
    [
      'a whole reply called a stream',
      whole('\n\n{"id":"gen-1","model":"test/model","choices":[{"message":{"content":"whole"},"finish_reason":"stop"}]}', EVENTS),
      'whole\n',
    ],
    ['gzip', whole(gzipSync(BODY), `${EVENTS}content-encoding: gzip\r\n`), 'all of it\n'],
    ['deflate', whole(deflateSync(BODY), `${EVENTS}content-encoding: deflate\r\n`), 'all of it\n'],
    ['br', whole(brotliCompressSync(BODY), `${EVENTS}content-encoding: br\r\n`), 'all of it\n'],
    ['gzip by name alone', whole(BODY, `${EVENTS}content-encoding: gzip\r\n`), 'all of it\n'],
    [
      'chunks with trailers',
      `${head('200 OK', `${EVENTS}transfer-encoding: chunked\r\ntrailer: x-cost\r\n`)}${chunkedBody(ANSWER, 'x-cost: 1\r\n')}`,
      'all of it\n',
    ],
    [
      'stray bytes behind the reply',
      Buffer.concat([whole(BODY, EVENTS), Buffer.from('HTTP/1.1 200 OK\r\n\r\nstray')]),
      'all of it\n',
    ],
  ])('%s: orx shows the answer', async (_name, bytes, expected) => {
    const server = await startRawServer((socket) => void socket.end(bytes));
    expect(await chat(server)).toMatchObject({ code: 0, stdout: expected, stderr: '' });
    expect(server.completions).toHaveLength(1);
  });

  test.each<[string, string | Buffer, number]>([
    ['an empty body', whole('', EVENTS), 8],
    ['no content', head('204 No Content'), 8],
    ['a web page', whole('<!doctype html><title>Log in</title>', 'content-type: text/html\r\n'), 8],
    ['a web page called a stream', whole('<html>log in</html>', EVENTS), 8],
    ['half of a JSON body', whole('{"id":"gen-1","cho', 'content-type: application/json\r\n'), 8],
    ['JSON without an answer', whole('{}', 'content-type: application/json\r\n'), 7],
    ['a body in a coding of its own', whole('?', `${EVENTS}content-encoding: zstd\r\n`), 8],
    [
      'broken gzip',
      whole(Buffer.concat([gzipSync(BODY).subarray(0, 20), Buffer.alloc(200, 0xff)]), `${EVENTS}content-encoding: gzip\r\n`),
      8,
    ],
    ['gzip that is cut', whole(gzipSync(BODY).subarray(0, 30), `${EVENTS}content-encoding: gzip\r\n`), 8],
    ['only comments', whole(': OPENROUTER PROCESSING\n\n'.repeat(5), EVENTS), 8],
    ['an end and nothing before it', whole('data: [DONE]\n\n', EVENTS), 7],
    ['an error in the stream', whole(chunk({}, { error: { code: 503, message: 'busy' } }), EVENTS), 7],
    ['an error in the body', whole('{"error":{"code":502,"message":"bad gateway"}}', 'content-type: application/json\r\n'), 7],
    [
      'less than its length',
      Buffer.concat([Buffer.from(head('200 OK', `${EVENTS}content-length: 99999\r\n`)), Buffer.from(': wait\n\n')]),
      8,
    ],
    ['broken chunks', `${head('200 OK', `${EVENTS}transfer-encoding: chunked\r\n`)}zz\r\nno\r\n`, 8],
    ['another protocol', head('101 Switching Protocols', 'connection: upgrade\r\nupgrade: x\r\n'), 8],
  ])('%s: orx reports the failure immediately', async (_name, bytes, code) => {
    const server = await startRawServer((socket) => void socket.end(bytes));
    const home = tempFolder();
    const result = await chat(server, [], home);
    expect(result).toMatchObject({ code, stdout: '' });
    expectShort(result.stderr);
    expect(server.completions).toHaveLength(1);
    // The cost of a request that was accepted and then failed is unknown.
    const entries = await runOrx(['ledger', 'export', '-o', 'jsonl'], { home });
    expect(entries.stdout).not.toMatch(/"cost": ?"0"/);
  });

  test('a connection reset mid-stream: the received part is stored', async () => {
    const server = await startRawServer((socket) => {
      socket.write(`${head('200 OK', `${EVENTS}transfer-encoding: chunked\r\n`)}`);
      socket.write(chunkedBody(ANSWER.slice(0, 2)).slice(0, -5), () => setTimeout(() => socket.resetAndDestroy(), 100));
    });
    const result = await chat(server);
    expect(result).toMatchObject({ code: 8, stdout: 'all \n' });
    expectShort(result.stderr);
    expect(server.completions).toHaveLength(1);
  });

  test('1xx before a transient error: orx retries as it does without them', async () => {
    const server = await startRawServer(
      (socket, { count }: RawRequest) =>
        void socket.end(
          count === 1
            ? Buffer.concat([
                Buffer.from(head('100 Continue')),
                whole('{"error":{"code":503,"message":"busy"}}', 'retry-after: 0\r\n', '503 Busy'),
              ])
            : whole(BODY, EVENTS),
        ),
    );
    expect(await chat(server)).toMatchObject({ code: 0, stdout: 'all of it\n' });
    expect(server.completions).toHaveLength(2);
  });

  test.each(['100 Continue', '102 Processing'])('an endless %s does not outlast --first-byte-timeout', async (status) => {
    const server = await startRawServer((socket) => {
      const timer = setInterval(() => socket.write(head(status)), 50);
      socket.on('close', () => clearInterval(timer));
    });
    const result = await chat(server, ['--first-byte-timeout', '1']);
    expect(result.code).toBe(8);
    expect(result.stderr).toContain('no response from');
    expect(server.completions).toHaveLength(1);
  });
});
