import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { startApiServer } from '../support/api-server.ts';
import { randomPieces } from '../support/recordings.ts';
import { runOrx, type RunResult } from '../support/run-orx.ts';
import {
  hasVendorTraffic,
  isKnownVendor,
  REQUEST_PATHS,
  servedRecordings,
  type ServedRecording,
  vendorFiles,
} from '../support/served-recordings.ts';
import { tempFolder } from '../support/temp-home.ts';

const KEY = 'the-key-of-this-vendor-0123456789';
const recordings = hasVendorTraffic ? servedRecordings() : [];
const answers = recordings.filter(({ expected }) => expected.error === undefined);
const failures = recordings.filter(({ expected }) => expected.error !== undefined);
/** Files whose recordings have been sent to orx. */
const served = new Set<string>();

/** Runs the built `orx chat` with the vendor of a recording in its settings, and a server in that vendor's place. */
async function chat(recording: ServedRecording, args: readonly string[], seed: number): Promise<RunResult> {
  const { file, vendor, wire, status, contentType, body } = recording;
  const server = await startApiServer(async (request, response) => {
    expect(request.method).toBe('POST');
    served.add(file);
    response.writeHead(status, { 'content-type': contentType });
    for (const piece of randomPieces(body, seed)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  });
  const home = tempFolder();
  const dialect = isKnownVendor(vendor) && wire !== 'responses' ? {} : { dialect: wire };
  const entry = { baseUrl: `${server.origin}/v1`, key: KEY, keyOrigin: server.origin, ...dialect };
  writeFileSync(join(home, 'config.json'), JSON.stringify({ vendors: { [vendor]: entry } }));
  const model = `${vendor}:${recording.model ?? 'the-model'}`;
  const result = await runOrx(['chat', 'hi', '-m', model, ...args], { home, env: { ORX_RETRIES: '0' } });
  expect(server.requests.map(({ url }) => url)).toEqual([expect.stringMatching(REQUEST_PATHS[wire])]);
  const { headers } = server.requests[0]!;
  expect([headers['x-api-key'], headers['x-goog-api-key'], headers.authorization?.replace('Bearer ', '')]).toContain(KEY);
  expect(result.stdout + result.stderr).not.toContain(KEY);
  return result;
}

const shown = (text: string): string => (text === '' || text.endsWith('\n') ? text : `${text}\n`);
const grouped = (count: number): string => count.toLocaleString('en-US');

/** Expects `--json` to show what was recorded. */
function expectJson(parsed: any, { expected: { text, reasoning, calls, finishReason, usage } }: ServedRecording): void {
  expect(parsed).toMatchObject({
    content: text,
    reasoning: reasoning === '' ? null : reasoning,
    finish_reason: finishReason ?? null,
    usage:
      usage === undefined
        ? null
        : { prompt_tokens: usage.prompt, completion_tokens: usage.completion, total_tokens: usage.total },
  });
  expect((parsed.tool_calls ?? []).map((call: any) => ({ name: call.name, arguments: call.arguments }))).toEqual(calls);
}

describe.skipIf(!hasVendorTraffic)('orx chat shows every recorded answer of a vendor', () => {
  test.each(answers)('$name', async (recording) => {
    const { expected, vendor, label, provider = label, model = 'the-model' } = recording;
    const [text, json] = await Promise.all([chat(recording, ['-u'], 11), chat(recording, ['--json'], 7)]);
    // An answer that the vendor withholds is reported as such, and is not an answer to a script.
    const isWithheld = expected.finishReason === 'content_filter' && expected.text === '';
    expect(text).toMatchObject({ code: isWithheld ? 6 : 0, stdout: shown(expected.text) });
    expect(/^error: .*filter/m.test(text.stderr)).toBe(isWithheld);
    // A receipt names the model without its author.
    const who = `${vendor}:${model.split('/').at(-1)} · ${provider} · `;
    const receipt = text.stderr.split('\n').find((line) => line.startsWith(who));
    expect(receipt).toBeDefined();
    const { usage } = expected;
    const counts = usage === undefined ? '' : `${grouped(usage.prompt)} in → ${grouped(usage.completion)} out`;
    // The cached tokens are in between.
    expect(receipt?.replace(/ in \([^)]*\)/, ' in')).toContain(counts);
    expect(text.stderr).not.toContain('answered by');
    expect(json.code).toBe(isWithheld ? 6 : 0);
    const parsed = JSON.parse(json.stdout);
    expect(parsed).toMatchObject({ model: `${vendor}:${model}`, provider });
    expectJson(parsed, recording);
  });
});

describe.skipIf(!hasVendorTraffic)('orx chat reports every recorded failure of a vendor', () => {
  /** Failures by file name: the exit code of each is documented. */
  const CODES: readonly (readonly [RegExp, number])[] = [
    [/auth-error|api-keys/, 3],
    [/openai-error/, 4],
    [/azure.*context-length|gemini-gemini-2-5-flash-handles/, 5],
    [/overloaded|resource-exhausted|spliced|parallel-tool-call-wrapper/, 7],
    [/context-length|legacy-parameter/, 2],
  ];
  const codeOf = (name: string): number | undefined => CODES.find(([pattern]) => pattern.test(name))?.[1];
  const KINDS: Readonly<Record<number, string>> = {
    2: 'usage',
    3: 'authentication',
    4: 'credits',
    5: 'rate-limit',
    7: 'provider',
  };

  test('there are recordings', () => expect(failures.length).toBeGreaterThan(20));

  test.each(failures)('$name', async (recording) => {
    const { expected, label, name } = recording;
    const code = codeOf(name)!;
    const [text, json] = await Promise.all([chat(recording, [], 11), chat(recording, ['--json'], 7)]);
    expect([text.code, json.code]).toEqual([code, code]);
    expect(text.stdout).toBe(shown(expected.text));
    const { message, status } = expected.error!;
    // A broken stream has no message from the vendor.
    const told = message ?? 'invalid stream: ';
    expect(text.stderr).toMatch(/^error: /);
    expect(text.stderr).toContain(told.split('\n')[0]!.trim());
    expect(text.stderr).toContain(message === undefined ? told : label);
    expect(text.stderr.split('\n').length).toBeLessThanOrEqual(6);
    const parsed = JSON.parse(json.stdout);
    expect(parsed.error).toMatchObject({
      message: expect.stringContaining(told),
      kind: KINDS[code],
      ...(status !== undefined && { status }),
    });
    expectJson(parsed, recording);
  });
});

test.skipIf(!hasVendorTraffic)('no recording is omitted', () => expect([...served].toSorted()).toEqual(vendorFiles().toSorted()));
