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
/** Files whose recordings orx has been sent. */
const served = new Set<string>();

/** The built `orx chat`, with the vendor of a recording in its settings, and a server in that vendor's place. */
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

describe.skipIf(!hasVendorTraffic)('orx chat shows every recorded answer of a vendor', () => {
  test.each(answers)('$name', async (recording) => {
    const { expected, vendor, label, model } = recording;
    const [text, json] = await Promise.all([chat(recording, [], 11), chat(recording, ['--json'], 7)]);
    expect(text).toMatchObject({ code: 0, stdout: shown(expected.text) });
    expect(json.code).toBe(0);
    const parsed = JSON.parse(json.stdout);
    const { usage } = expected;
    expect(parsed).toMatchObject({
      model: `${vendor}:${model ?? 'the-model'}`,
      provider: label,
      content: expected.text,
      reasoning: expected.reasoning === '' ? null : expected.reasoning,
      finish_reason: expected.finishReason ?? null,
      usage:
        usage === undefined
          ? null
          : { prompt_tokens: usage.prompt, completion_tokens: usage.completion, total_tokens: usage.total },
    });
    expect((parsed.tool_calls ?? []).map((call: any) => ({ name: call.name, arguments: call.arguments }))).toEqual(expected.calls);
  });
});

describe.skipIf(!hasVendorTraffic)('orx chat tells every recorded failure of a vendor', () => {
  test.each(failures)('$name', async (recording) => {
    const { expected, label } = recording;
    const [text, json] = await Promise.all([chat(recording, [], 11), chat(recording, ['--json'], 7)]);
    console.log(recording.name, text.code, JSON.stringify(text.stdout), text.stderr, JSON.stringify(JSON.parse(json.stdout).error), label, expected);
  });
});

test.skipIf(!hasVendorTraffic)('no recording is left out', () => expect([...served].toSorted()).toEqual(vendorFiles().toSorted()));
