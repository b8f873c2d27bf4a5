import { describe, expect, test } from 'vitest';
import { OrxError } from '../../src/errors.ts';
import { hasRecordings } from '../support/recordings.ts';
import { geminiExpected } from '../support/vendor-oracles/gemini.ts';
import { readingOf, replayVendor, vendorRecordings, vendorRefusals } from '../support/vendor-recordings.ts';

const NAMES = /^(google--|ruby_llm--google-)/;
const recordings = vendorRecordings(NAMES);
const refusals = vendorRefusals(NAMES);

describe.skipIf(!hasRecordings('vendor-streams'))('every recorded stream of Gemini', () => {
  test('there are recordings', () => expect(recordings.length).toBeGreaterThan(15));

  test.each(recordings)('$name', async ({ body, events }) => {
    for (const seed of [3, 17]) {
      const replayed = await replayVendor('google', { body }, { seed });
      expect(replayed.error).toBeUndefined();
      expect(readingOf(replayed)).toEqual(geminiExpected(events));
      expect(replayed.events.find(({ type }) => type === 'response-start')).toMatchObject({
        id: events[0].responseId,
        model: `google:${events[0].modelVersion}`,
        provider: 'Google',
      });
      expect(replayed.events.filter(({ type }) => type === 'response-start')).toHaveLength(1);
      expect(replayed.events.at(-1)?.type).toBe('response-end');
    }
  });

  test.each(recordings)('$name keeps every signature, on its call', async ({ body, events }) => {
    const { events: told } = await replayVendor('google', { body });
    const parts = told.flatMap((event) => (event.type === 'reasoning-parts' ? event.parts : []));
    const recorded = events
      .flatMap(({ candidates }) => candidates[0].content.parts)
      .filter((part: any) => part.thoughtSignature !== undefined);
    const ids = new Set(told.flatMap((event) => (event.type === 'tool-call-delta' ? (event.id ?? []) : [])));
    expect(parts.filter(({ kind }) => kind === 'encrypted').map(({ encrypted, id }) => [encrypted, ids.has(id ?? '')])).toEqual(
      recorded.map((part: any) => [part.thoughtSignature, part.functionCall !== undefined]),
    );
  });

  test.each(recordings)('$name, cut before its last event, is not an answer', async ({ body }) => {
    const start = body.subarray(0, body.lastIndexOf('data: '));
    const { error } = await replayVendor('google', { body: start });
    expect(error).toMatchObject({ kind: 'network', code: 'stream-cut' });
  });
});

describe.skipIf(!hasRecordings('vendor-errors'))('every recorded error of Gemini', () => {
  test.each(refusals)('$name', async ({ body, status, name }) => {
    const { error, events } = await replayVendor('google', { body, status });
    const wire = JSON.parse(body.toString()).error;
    expect(events).toEqual([]);
    expect(error).toBeInstanceOf(OrxError);
    expect(error).toMatchObject({
      message: expect.stringContaining(wire.message) as string,
      status: wire.code,
      code: wire.status,
    });
    const kind = name.includes('auth-error') ? 'authentication' : wire.code === 429 ? 'rate-limit' : 'usage';
    expect((error as OrxError).kind).toBe(kind);
    const retryInfo = wire.details?.find((detail: any) => detail.retryDelay !== undefined);
    // The message has the same wait with fractions of a second.
    const [, seconds] = /retry in ([\d.]+)s/.exec(wire.message) ?? [];
    expect((error as OrxError).retryAfterMs).toBe(
      retryInfo === undefined ? undefined : Math.ceil(Number(seconds ?? retryInfo.retryDelay.slice(0, -1)) * 1000),
    );
  });

  test.each(refusals)('$name in a list of one', async ({ body, status }) => {
    const list = Buffer.from(`[${body.toString()}]`);
    const [{ error: alone }, { error: listed }] = await Promise.all([
      replayVendor('google', { body, status }),
      replayVendor('google', { body: list, status }),
    ]);
    const facts = ({ message, kind, code, retryAfterMs }: OrxError): unknown => ({ message, kind, code, retryAfterMs });
    expect(facts(listed as OrxError)).toEqual(facts(alone as OrxError));
  });
});
